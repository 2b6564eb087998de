"""A refusal that comes late, on a page of its own, still holds what was typed."""

import html

import pytest

from sigforum.agenda.actions import move_forum_session
from tests.casting import Cast

TEXT = "A long response that somebody wrote\nwith some care, and <b>marks</b>."


@pytest.fixture
def closed(cast: Cast) -> Cast:
    """1A is closed while people still write."""
    ada = cast.viewer("ada")
    for verb in ("go_live", "close"):
        move_forum_session(ada, cast.forum_session().id, verb=verb)
    return cast


def test_list_form_and_response_that_are_refused_late_are_kept(closed: Cast, sign_in) -> None:
    ben = sign_in(closed.person("ben"))
    answer = ben.post(f"/meetings/{closed.slug}/people/invite", data={"text": TEXT, "step": "draft"})
    assert answer.status_code == 403
    assert TEXT in html.unescape(answer.get_data(as_text=True))
    assert "<b>marks" not in answer.get_data(as_text=True)


def test_form_of_another_site_is_not_repeated(closed: Cast, sign_in) -> None:
    answer = sign_in(closed.person("ben")).post(
        f"/meetings/{closed.slug}/people/invite", data={"text": TEXT}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "somebody wrote" not in answer.get_data(as_text=True)


def test_short_values_and_secrets_are_not_repeated(closed: Cast, sign_in) -> None:
    page = sign_in(closed.person("ben")).post(f"/meetings/{closed.slug}/people/invite", data={
        "text": "short", "token": "t" * 40, "csrf_token": "c" * 40}).get_data(as_text=True)
    assert "readonly" not in page
