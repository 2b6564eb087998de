"""Who has voted, declared or stepped aside is told by number alone where a session names nobody: a name that comes or
goes there would be whoever is present when unnamed words come."""

import re

import pytest

from sigforum.ballots.models import Poll
from sigforum.ballots.showing import poll_html, result_html, shown_poll
from sigforum.extensions import db
from sigforum.facilitation.showing import desk_html, desk_live_html
from sigforum.live.gateway import Onlooker
from sigforum.people.domain import Audience
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from tests.ballots.polling import add_voters, make_poll, rating_answer, vote
from tests.casting import Cast

UNNAMED = ("chatham", "role")
VOTERS = ("ben", "cyn", "v0", "v1", "v2", "v3")
NAMES = ("Ben Participant", "Cyn Participant", "Voter 0", "Voter 1", "Voter 2", "Voter 3")


def rule(cast: Cast, attribution: str) -> None:
    cast.forum_session().attribution = attribution
    db.session.commit()


def named_in(text: str) -> set[str]:
    return {name for name in NAMES if name in text}


def main_of(page: str) -> str:
    """A page without the name of whoever looks."""
    return page.partition('id="main"')[2]


def told(cast: Cast, sign_in, poll: Poll) -> str:
    """All that a chair's pages and pushes show of a poll."""
    chair = sign_in(cast.person("finn"))
    pages = [main_of(chair.get(f"/meetings/{cast.slug}/{path}").get_data(as_text=True)) for path in (
        "sessions/1A", "sessions/1A/console", f"sessions/1A/console?poll={poll.id}", f"polls/{poll.id}")]
    assert all(pages)
    db.session.rollback()
    fresh = db.session.get_one(Poll, poll.id)
    shown = shown_poll(fresh, Onlooker(audience=Audience.CHAIR))
    return "\n".join([*pages, poll_html(shown), result_html(shown), desk_html(fresh), desk_live_html(fresh)])


@pytest.mark.parametrize("secrecy", ["confidential", "secret"])
@pytest.mark.parametrize(("attribution", "are_named"), [("named", True), ("chatham", False), ("role", False)])
def test_chairs_are_told_by_number_who_has_not_voted_where_nobody_is_named(
        cast: Cast, sign_in, attribution: str, are_named: bool, secrecy: str) -> None:
    add_voters(cast, 4)
    rule(cast, attribution)
    poll = make_poll(cast, upto="open", secrecy=secrecy, visibility="after_reveal")
    assert named_in(told(cast, sign_in, poll)) == (set(NAMES) if are_named else set())
    for number, name in enumerate(VOTERS, start=1):
        vote(cast, name, poll, rating_answer(poll, 5, 5))
        seen = told(cast, sign_in, poll)
        assert named_in(seen) == (set(NAMES[number:]) if are_named and number >= 3 else set())
        assert f"<strong>{number}</strong> of <strong>6</strong> have voted" in seen


def test_words_of_an_earlier_stricter_rule_keep_names_from_the_list(cast: Cast, sign_in) -> None:
    add_voters(cast, 4)
    said = post_response(cast.viewer("ben"), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key="the only one", text="Some words"))
    poll = make_poll(cast, upto="open", visibility="after_reveal")
    assert named_in(told(cast, sign_in, poll)) >= set(NAMES[2:])
    # As words are that came with their question from a session that names nobody.
    said.attribution = "chatham"
    db.session.commit()
    assert named_in(told(cast, sign_in, poll)) == set()


@pytest.mark.parametrize("attribution", UNNAMED)
def test_chairs_remind_those_who_have_not_voted_without_seeing_whom(
        cast: Cast, sign_in, attribution: str) -> None:
    add_voters(cast, 4)
    rule(cast, attribution)
    poll = make_poll(cast, upto="open", visibility="after_reveal")
    for name in VOTERS[:3]:
        vote(cast, name, poll, rating_answer(poll, 5, 5))
    chair = sign_in(cast.person("finn"))
    answer = chair.post(f"/meetings/{cast.slug}/polls/{poll.id}/run/nudge?seen=open-1", follow_redirects=True)
    assert answer.status_code == 200
    seen = told(cast, sign_in, poll)
    assert named_in(main_of(answer.get_data(as_text=True)) + seen) == set()
    assert re.search(r"[Rr]eminded <time", seen), "the chair sees that it was done"
