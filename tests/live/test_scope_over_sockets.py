"""A browser that is signed in for one meeting only sends events, and hears, in that meeting alone."""

import re
from datetime import timedelta

import pytest
import requests

from sigforum.ballots.actions import create_poll, move_poll
from sigforum.ballots.forms import parse_poll
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.ids import new_token, token_hash
from sigforum.people import queries
from sigforum.people.models import SignInLink
from sigforum.transaction import transaction
from tests.casting import meets_today
from tests.live.stage import Socket, Stage


def card_socket(stage: Stage, name: str, meeting_id: int) -> Socket:
    """A socket of a browser signed in by the card that a meeting has made for somebody."""
    token = new_token()
    with transaction():
        meets_today(meeting_id)
        db.session.add(SignInLink(
            person_id=stage.cast.ids[name], meeting_id=meeting_id, token_hash=token_hash(token), is_single_use=False,
            is_for_door=True, expires_at=now() + timedelta(hours=1)))
    browser = requests.Session()
    page = browser.get(f"{stage.site.url}/sign-in/{token}", timeout=10).text
    form = {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]}
    assert browser.post(f"{stage.site.url}/sign-in/{token}", data=form, timeout=10, allow_redirects=False,
                        headers={"Referer": stage.site.url}).status_code == 302
    cookie = "; ".join(f"{one.name}={one.value}" for one in browser.cookies)
    return Socket(url=stage.site.url, cookie=cookie).connect()


@pytest.mark.parametrize("event", ["join", "cast", "typing"])
def test_card_of_another_meeting_is_not_found_in_this_one(stage: Stage, event: str) -> None:
    cast = stage.cast
    db.session.rollback()
    poll = create_poll(cast.viewer("finn"), cast.forum_session().id, parse_poll({
        "kind": "rating", "title": "Where", "statements": "Here", "rule": "percent_agreement"}))
    move_poll(cast.viewer("finn"), poll.id, verb="open")
    payload = {"join": {"meeting": cast.slug, "forum": cast.forum_session().id, "after": 0},
               "cast": {"meeting": cast.slug, "poll": poll.id, "round": 1, "key": f"of-the-{event}",
                        "answer": {"ratings": {f"o{poll.options[0].id}": 7}}},
               "typing": {"meeting": cast.slug, "forum": cast.forum_session().id, "question": stage.question()}}[event]
    other = queries.membership(cast.ids["mal"], slug=cast.other_slug).meeting_id
    stranger, own = card_socket(stage, "ben", other), card_socket(stage, "ben", cast.meeting_id)
    try:
        assert stranger.call(event, payload).get("status") in (403, 404)
        answer = own.call(event, payload)
        assert answer["ok"] is True, answer
    finally:
        stranger.close()
        own.close()
