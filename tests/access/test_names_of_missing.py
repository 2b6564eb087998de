"""Who has voted, declared or stepped aside is told by number alone where a session names nobody: a name that comes or
goes there would be whoever is present when unnamed words come."""

import re

import pytest

from sigforum.ballots.models import Poll
from sigforum.ballots.recusing import recuse
from sigforum.ballots.showing import poll_html, result_html, shown_poll
from sigforum.disclosures.actions import declare_interests
from sigforum.disclosures.domain import Declared, Stance
from sigforum.extensions import db
from sigforum.facilitation.showing import desk_html, desk_live_html
from sigforum.kernel.errors import Conflict
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


def page_of(cast: Cast, sign_in, path: str) -> str:
    """A page of session 1A as its chair gets it."""
    answer = sign_in(cast.person("finn")).get(f"/meetings/{cast.slug}/sessions/1A/{path}")
    assert answer.status_code == 200
    return main_of(answer.get_data(as_text=True))


def declare(cast: Cast, name: str, words: str) -> None:
    declare_interests(cast.viewer(name), {None: Declared(stance=Stance.INTERESTS, financial=words)})


def rows_that_say(page: str) -> set[str]:
    """Whose row of the table of interests says something."""
    return {name for row in page.split("<tr>") if "Shares of" in row or "nothing to declare<" in row
            for name in named_in(row)}


@pytest.mark.parametrize("code", ["1A", "1B"])
def test_declared_interests_move_by_several_people_beside_a_session_that_names_nobody(
        cast: Cast, sign_in, code: str) -> None:
    add_voters(cast, 4)
    cast.forum_session(code).attribution = "chatham"
    db.session.commit()
    expected = {3: set(), 5: set(), 6: set(NAMES)}
    for number, name in enumerate(VOTERS, start=1):
        declare(cast, name, f"Shares of {name}")
        page = page_of(cast, sign_in, "interests")
        assert f" accepted {number} declared an interest" in page
        assert rows_that_say(page) == expected.get(number, set())
    # What is changed afterwards waits for others again.
    declare(cast, "ben", "Shares of another firm")
    assert "another firm" not in page_of(cast, sign_in, "interests")
    for place in ("1A", "1B"):
        cast.forum_session(place).state = "closed"
    db.session.commit()
    assert "another firm" in page_of(cast, sign_in, "interests")


def test_declared_interests_are_told_at_once_where_all_sessions_name_people(cast: Cast, sign_in) -> None:
    add_voters(cast, 4)
    declare(cast, "ben", "Shares of ben")
    assert rows_that_say(page_of(cast, sign_in, "interests")) == {NAMES[0]}


def listed(page: str) -> set[str]:
    """Who is named in the list of recusals, not in the field to choose somebody."""
    return named_in(re.sub(r"<select.*?</select>", "", page, flags=re.DOTALL))


@pytest.mark.parametrize(("attribution", "are_named"), [("named", True), ("chatham", False), ("role", False)])
def test_chairs_are_not_told_who_recused_themselves_where_nobody_is_named(
        cast: Cast, sign_in, attribution: str, are_named: bool) -> None:
    add_voters(cast, 4)
    rule(cast, attribution)
    forum = cast.forum_session().id
    recuse(cast.viewer("ben"), forum, person_id=cast.ids["ben"], poll_id=None, reason="My employer sells it")
    page = page_of(cast, sign_in, "recusals")
    assert "My employer sells it" in page
    assert listed(page) == ({NAMES[0]} if are_named else set())
    # Whom the chair recuses stays named, and trying tells nobody who was before.
    for name in ("ben", "cyn"):
        recuse(cast.viewer("finn"), forum, person_id=cast.ids[name], poll_id=None, reason=f"The chair's, of {name}")
    page = page_of(cast, sign_in, "recusals")
    assert listed(page) == {NAMES[0], NAMES[1]}
    assert ("The chair&#39;s, of ben" in page) is not are_named


@pytest.mark.parametrize("attribution", UNNAMED)
def test_recusing_tells_no_chair_who_has_voted_in_secret(cast: Cast, attribution: str) -> None:
    add_voters(cast, 4)
    rule(cast, attribution)
    poll = make_poll(cast, upto="open", secrecy="secret")
    vote(cast, "ben", poll, rating_answer(poll, 5, 5))
    answers = set()
    for name in ("ben", "cyn"):
        try:
            recuse(cast.viewer("finn"), cast.forum_session().id, person_id=cast.ids[name], poll_id=poll.id,
                   reason="To see")
        except Conflict as refusal:
            answers.add(str(refusal))
        else:
            answers.add("recused")
    assert len(answers) == 1, "who has voted gets another answer than who has not"
