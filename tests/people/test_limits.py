"""How often may be tried: a venue behind one network address signs in, and guessing goes nowhere."""

from datetime import timedelta

import pytest

from sigforum.extensions import limiter
from sigforum.people.actions import invite_people
from sigforum.people.forms import parse_invitations
from sigforum.people.links import make_link
from sigforum.people.queries import person_by_email
from tests.casting import Cast
from tests.people.waiting import ask, mailed


@pytest.fixture(autouse=True)
def _fresh_limits(app) -> None:
    limiter.reset()


def invite_hundred(cast: Cast) -> list[str]:
    emails = [f"guest{number}@example.org" for number in range(100)]
    rows = "\n".join(f"Guest {email},{email}" for email in emails)
    invite_people(cast.viewer("ada"), parse_invitations(f"name,email\n{rows}", codes={}).people, send_mail=False)
    return emails


def test_hundred_people_behind_one_address_sign_in_by_code_at_once(cast: Cast, app) -> None:
    for email in invite_hundred(cast):
        waiting = ask(app, email)
        _, code = mailed()
        # Everybody mistypes it once.
        assert waiting.type("1").status_code == 422
        assert waiting.type(code).status_code == 302
        assert waiting.browser.get("/account").status_code == 200


def test_hundred_people_behind_one_address_sign_in_by_link_at_once(cast: Cast, app) -> None:
    for email in invite_hundred(cast):
        person, browser = person_by_email(email), app.test_client()
        path = make_link(person, lifetime=timedelta(hours=1), meeting_id=cast.meeting_id).removeprefix("http://localhost")
        assert browser.get(path).status_code == 200
        assert browser.post(path).status_code == 302
        # And everybody presses the link in the mail again later.
        assert browser.get(path).status_code == 302


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_thousand_guessed_links_are_refused_and_real_ones_from_there_are_not(cast: Cast, app, method: str) -> None:
    path = make_link(cast.person("ben"), lifetime=timedelta(hours=1)).removeprefix("http://localhost")
    browser = app.test_client()
    statuses = [browser.open(f"/sign-in/guess-{number}", method=method).status_code for number in range(1000)]
    assert statuses[:30] == [410] * 30
    assert set(statuses[30:]) == {429}
    assert browser.get(path).status_code == 200
    assert browser.post(path).status_code == 302
