"""What a browser is sent on to is a page of this site, whatever was asked for before."""

from datetime import timedelta
from urllib.parse import urljoin

import pytest
from flask import Flask

from sigforum.ballots.actions import create_poll, move_poll
from sigforum.ballots.forms import parse_poll
from sigforum.extensions import limiter
from sigforum.people.links import make_link
from tests.casting import Cast

SITE = "http://localhost"
# As a browser reads an address: it leaves tabs and line ends out, and takes a backslash for a slash.
UNREAD = str.maketrans({"\t": "", "\r": "", "\n": "", "\\": "/"})
LEADING_AWAY = [
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", "/\\evil.example",
    "//evil.example",
    "/\t\\evil.example", "\\\\evil.example", "https://evil.example", "/%09/evil.example\n", "/ok\r\nSet-Cookie: a=b",
    "javascript:alert(1)", "/\x00/evil.example", "/\x0b/evil.example", "/\u2028/evil.example", "/é/\t/evil.example",
    "///evil.example", "/" + "a" * 5000, " //evil.example"]


def is_here(location: str) -> bool:
    return urljoin(f"{SITE}/meetings/x", location.translate(UNREAD).strip()).startswith(f"{SITE}/")


@pytest.mark.parametrize("wanted", LEADING_AWAY, ids=ascii)
def test_form_of_a_poll_leads_back_here(cast: Cast, sign_in, wanted: str) -> None:
    finn = cast.viewer("finn")
    poll = create_poll(finn, cast.forum_session().id, parse_poll({
        "kind": "rating", "title": "Where", "statements": "Here", "rule": "percent_agreement"}))
    move_poll(finn, poll.id, verb="open")
    answer = sign_in(cast.person("finn")).post(f"/meetings/{cast.slug}/polls/{poll.id}/close", data={"next": wanted})
    # A NUL is refused before, as everywhere.
    assert answer.status_code in ((302, 422) if "\x00" in wanted else (302,))
    assert is_here(answer.location or "/")
    assert "evil" not in (answer.location or "")


def test_own_path_is_followed(cast: Cast, sign_in) -> None:
    finn = cast.viewer("finn")
    poll = create_poll(finn, cast.forum_session().id, parse_poll({
        "kind": "rating", "title": "Where", "statements": "Here", "rule": "percent_agreement"}))
    wanted = f"/meetings/{cast.slug}/sessions/1A/console?poll={poll.id}#desk"
    answer = sign_in(cast.person("finn")).post(f"/meetings/{cast.slug}/polls/{poll.id}/open", data={"next": wanted})
    assert (answer.status_code, answer.location) == (302, wanted)


@pytest.mark.parametrize("page", [
    "/meetings/%0Aevil", "/meetings/%0D%0ASet-Cookie:%20a=b", "/meetings/%09", "/meetings/%00", "/meetings/%C3%A9",
    "/meetings/a%5Cb", "/meetings/%E2%80%A8", "/meetings/cells?next=%0A//evil", "/meetings/%ED%A0%80",
    "/meetings/" + "a" * 3000], ids=ascii)
def test_odd_page_opened_before_signing_in_does_not_stop_it(cast: Cast, app: Flask, page: str) -> None:
    limiter.reset()
    browser = app.test_client()
    assert browser.get(page).status_code in (400, 401, 404, 422)
    link = make_link(cast.person("ben"), lifetime=timedelta(hours=1)).removeprefix(SITE)
    answer = browser.post(link)
    assert answer.status_code == 302
    assert is_here(answer.location)
    assert browser.get("/account").status_code == 200
