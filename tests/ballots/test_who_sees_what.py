"""Who sees what of a poll: the whole table, and then every page and frame searched for what nobody may know."""

import contextvars
import re
import time
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from flask import Flask

from sigforum.ballots.domain import PollState, Secrecy, Visibility
from sigforum.ballots.models import Poll
from sigforum.ballots.policy import Sight, is_withheld, sight, who_sees_what
from sigforum.extensions import db, socketio
from sigforum.live.gateway import RENDERERS, Onlooker, fragments_of
from sigforum.live.straight import VISITOR
from sigforum.live.ticker import TALLIES
from sigforum.people.domain import Audience
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from tests.ballots.polling import add_voters, make_poll, move, rating_answer, vote
from tests.casting import Cast

# (state, visibility) -> the audiences that see the result.
EVERYBODY, CHAIR, NOBODY = set(Audience), {Audience.CHAIR}, set()
SEES = {
    ("draft", "after_reveal"): NOBODY, ("draft", "live"): NOBODY,
    ("open", "after_reveal"): NOBODY, ("open", "live"): EVERYBODY,
    ("closed", "after_reveal"): CHAIR, ("closed", "live"): EVERYBODY,
    ("revealed", "after_reveal"): EVERYBODY, ("revealed", "live"): EVERYBODY,
    ("decided", "after_reveal"): EVERYBODY, ("decided", "live"): EVERYBODY,
}
WAYS = {"draft": "", "open": "open", "closed": "close", "revealed": "reveal", "decided": "decide"}
ROLES = {"ada": Audience.CHAIR, "finn": Audience.CHAIR, "gus": Audience.WATCHER, "ben": Audience.SPEAKER,
         "cyn": Audience.SPEAKER, "olu": Audience.WATCHER}


SIGHTS = ("poll", "turnout", "missing", "result", "names", "sheet")
# For each state and audience what is seen of it; a star: where the poll is open, an l: where it is watched live,
# which a secret one never is, and both together: where it is open and watched live; a u: unless totals move beside it
# that are nobody's to know by name.
TABLE = """
draft     chair      poll
draft     speaker
draft     watcher
draft     projector
open      chair      poll turnout missing:u result:l names:l*
open      speaker    poll turnout result:l names:l*
open      watcher    poll turnout result:l names:l*
open      projector  poll turnout result:l
closed    chair      poll turnout result names:*
closed    speaker    poll turnout result:l names:l*
closed    watcher    poll turnout result:l names:l*
closed    projector  poll turnout result:l
revealed  chair      poll turnout result names:* sheet
revealed  speaker    poll turnout result names:* sheet
revealed  watcher    poll turnout result names:* sheet
revealed  projector  poll turnout result sheet
decided   chair      poll turnout result names:* sheet
decided   speaker    poll turnout result names:* sheet
decided   watcher    poll turnout result names:* sheet
decided   projector  poll turnout result sheet
"""
ROWS = {(state, audience): cells for state, audience, *cells in map(str.split, TABLE.strip().splitlines())}


def test_the_table_has_every_row() -> None:
    assert set(ROWS) == {(state, audience) for state in PollState for audience in Audience}


@pytest.mark.parametrize("secrecy", list(Secrecy))
@pytest.mark.parametrize("visibility", list(Visibility))
@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("state", list(PollState))
def test_every_cell_of_who_sees_what(
        state: PollState, audience: Audience, visibility: Visibility, secrecy: Secrecy) -> None:
    expected = set()
    for cell in ROWS[state, audience]:
        name, _, condition = cell.partition(":")
        is_live = visibility is Visibility.LIVE and secrecy is not Secrecy.SECRET
        is_beside = is_live and secrecy is Secrecy.CONFIDENTIAL
        if "u" in condition and is_beside:
            continue
        if ("l" not in condition or is_live) and ("*" not in condition or secrecy is Secrecy.OPEN):
            expected.add(name)
    found = sight(audience, state=state, secrecy=secrecy, visibility=visibility)
    assert {name for name in SIGHTS if getattr(found, name)} == expected


def test_table_speaks_of_everything_there_is_to_see() -> None:
    assert {field.name for field in fields(Sight)} == set(SIGHTS)


@pytest.mark.parametrize(("secrecy", "answered", "expected"), [
    ("secret", 0, True), ("secret", 2, True), ("secret", 3, False), ("confidential", 1, False), ("open", 1, False)])
def test_result_of_few_secret_ballots_is_shown_to_nobody(secrecy: str, answered: int, expected: bool) -> None:
    assert is_withheld(secrecy=secrecy, answered=answered) is expected


def test_roles_give_the_audiences_of_this_table(cast: Cast) -> None:
    forum_session_id = cast.forum_session().id
    assert {name: cast.viewer(name).audience(forum_session_id) for name in ROLES} == ROLES


def test_line_at_the_ballot_says_when_totals_are_seen() -> None:
    live, later = (who_sees_what(visibility=visibility, secrecy="confidential")
                   for visibility in ("live", "after_reveal"))
    assert "totals move while people vote, by three people or more at a time" in live
    assert "only how many have voted" in later
    assert all("Nobody is shown who voted how" in line for line in (live, later))


def test_line_at_the_ballot_says_how_secret_it_is() -> None:
    said = {secrecy: who_sees_what(visibility="after_reveal", secrecy=secrecy) for secrecy in Secrecy}
    assert "everyone in this session sees your name and your answer" in said[Secrecy.OPEN]
    assert "cannot be changed" in said[Secrecy.SECRET]
    assert "Nobody is shown who voted how" in said[Secrecy.CONFIDENTIAL]
    assert "your name and your answer" not in said[Secrecy.CONFIDENTIAL] + said[Secrecy.SECRET]


# What a result's rendering says and nothing else on these pages does. Two of two rate 9 and 6, so the median is
# 7.5; the words of verdicts and the chart's table are matched as they are printed.
CANARIES = {
    "median": r"\b7\.5\b", "verdict": r"(?i)too few to say|only 2 people rated",
    "verdict's badge": r'class="[^"]*\bverdict\b', "counts": r"In the upper third|Upper third|<dt>Rated</dt>",
    # The way of the participants is a chart too, and counts only who answered.
    "chart": r'<svg class="chart(?! flow-chart)|chart-bar',
}


# What is looked for: the poll itself, a verdict, a voter, and words that are written beside every result.
SEARCHES = ("/search?q=closed+systems", "/search?q=agreement", "/search?q=Ben+Participant", "/search?q=voted")


def found_in(text: str) -> set[str]:
    return {name for name, pattern in CANARIES.items() if re.search(pattern, text)}


def frames(poll: Poll, onlooker: Onlooker) -> str:
    """Everything the live edge would send of this poll to an onlooker, tallies and catch-up included."""
    payload = {"meeting_id": poll.forum_session.meeting_id, "forum_session_id": poll.forum_session_id,
               "poll_id": poll.id, "verb": "changed"}
    fragments = fragments_of("poll_changed", payload, onlooker)
    for tallies in TALLIES:
        fragments += tallies.render((f"forum-{poll.forum_session_id}", poll.id), 9, onlooker)
    return "\n".join(fragment.html for fragment in fragments)


@pytest.fixture
def look(cast: Cast, sign_in) -> Callable[[str, Poll], str]:
    """Everything a person can read about a poll: pages, files they may have, and live frames."""
    browsers = {name: sign_in(cast.person(name)) for name in ROLES}
    # A second response, so that the live event of a response renders the polls too.
    first = post_response(cast.viewer("ben"), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key="a-first-response", text="Something."))

    def look(name: str, poll: Poll) -> str:
        db.session.rollback()
        base, texts = f"/meetings/{cast.slug}", []
        for path in ("", "/sessions/1A", f"/polls/{poll.id}/ballot", f"/polls/{poll.id}", "/sessions/1A/summary",
                     "/exports", "/agenda.yaml", "/sessions/1B", *SEARCHES):
            answer = browsers[name].get(base + path)
            assert answer.status_code in ({200} if poll.state != "draft" or "/polls/" not in path else {200, 404})
            texts.append(answer.get_data(as_text=True))
        for asked in poll.rounds:
            answer = browsers[name].get(f"{base}/polls/{poll.id}/rounds/{asked.number}/sheet.json")
            assert answer.status_code == (200 if asked.revealed_at else 404)
            texts.append(answer.get_data(as_text=True))
        forum_session_id = cast.forum_session().id
        viewer = cast.viewer(name)
        for person_id in (None, viewer.person_id):
            onlooker = Onlooker(audience=viewer.audience(forum_session_id), person_id=person_id)
            texts.append(frames(poll, onlooker))
            for kind in RENDERERS.keys() - {"poll_changed", "export_progressed"}:
                texts += [fragment.html for fragment in fragments_of(kind, {
                    "meeting_id": cast.meeting_id, "forum_session_id": forum_session_id, "response_id": first.id,
                    "person_id": first.author_id, "line_id": 0}, onlooker)]
        return "\n".join(texts)
    return look


@pytest.mark.parametrize("visibility", list(Visibility))
@pytest.mark.parametrize("state", WAYS)
def test_no_page_and_no_frame_tells_more_than_the_table(
        cast: Cast, look: Callable[[str, Poll], str], state: str, visibility: Visibility) -> None:
    poll = make_poll(cast, visibility=visibility, upto="open" if state != "draft" else "")
    if state != "draft":
        vote(cast, "ben", poll, rating_answer(poll, 9, 9))
        vote(cast, "cyn", poll, rating_answer(poll, 6, 6))
        # Live totals are shown once three people have voted behind three others.
        for name in add_voters(cast, 4):
            vote(cast, name, poll, {"abstain": True})
        for verb in ("close", "reveal", "decide"):
            if poll.state != state:
                move(cast, poll, verb)
    assert poll.state == state
    for name, audience in ROLES.items():
        found = found_in(look(name, poll))
        if audience in SEES[state, visibility]:
            assert found == set(CANARIES), f"{name} may see the {state} result and does not: the search is blind"
        else:
            assert found == set(), f"{name} sees {found} of a {state} poll that is shown {visibility}"


@pytest.mark.earlier_terms
def test_second_round_shows_the_first_one_and_hides_itself(cast: Cast, look: Callable[[str, Poll], str]) -> None:
    poll = make_poll(cast, upto="open")
    for name, rating in (("ben", 9), ("cyn", 6)):
        vote(cast, name, poll, rating_answer(poll, rating, rating))
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    assert found_in(look("olu", poll))
    move(cast, poll, "open")
    # Two of two rate 3 and 2 now: a median of 2.5, which nothing else on these pages says.
    for name, rating in (("ben", 3), ("cyn", 2)):
        vote(cast, name, poll, rating_answer(poll, rating, rating))
    for name in ROLES:
        assert not re.search(r"\b2\.5\b", look(name, poll)), name
    assert re.search(r"\b7\.5\b", look("ben", poll)), "voters are shown what the group said"
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    for name in ROLES:
        assert re.search(r"\b2\.5\b", look(name, poll)), f"{name} may see it now: the search is blind"


@pytest.mark.earlier_terms
def test_round_that_was_never_revealed_stays_sealed(cast: Cast, look: Callable[[str, Poll], str]) -> None:
    poll = make_poll(cast, upto="open")
    for name, rating in (("ben", 9), ("cyn", 6)):
        vote(cast, name, poll, rating_answer(poll, rating, rating))
    for verb in ("close", "open"):
        move(cast, poll, verb)
    assert not poll.rounds[1].had_feedback
    for name, audience in ROLES.items():
        # The chair saw the closed round and sees it on the record.
        assert bool(found_in(look(name, poll))) is (audience is Audience.CHAIR), name


def test_draft_is_on_no_page_but_the_chairs(cast: Cast, look: Callable[[str, Poll], str]) -> None:
    poll = make_poll(cast, title="A title nobody may know yet")
    seen = {name for name in ROLES if "A title nobody may know yet" in look(name, poll)}
    assert seen == {"ada", "finn"}


def test_own_ballot_is_on_nobody_elses_page(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 9, 2))
    path = f"/meetings/{cast.slug}/sessions/1A"
    chosen = {name: re.findall(r'value="([^"]+)"[^>]* checked', sign_in(cast.person(name)).get(path).text)
              for name in ("ben", "cyn", "finn", "olu")}
    assert chosen == {"ben": ["9", "2"], "cyn": [], "finn": [], "olu": []}


def test_turnout_is_told_to_everybody_while_the_result_is_not(
        cast: Cast, look: Callable[[str, Poll], str]) -> None:
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 9, 9))
    for name in ROLES:
        text = look(name, poll)
        assert re.search(r"1</?[^>]*>? ?of ?<?[^>]*>?2", text) or "1 of 2" in text, name


@pytest.fixture
def knocks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flask-SocketIO's client begins behind the door where connections are admitted; it asks there first."""
    open_door = socketio.server._handle_eio_connect

    def knock(connection: str, environ: dict[str, Any]) -> Any:
        environ[VISITOR] = socketio.server.eio.admission.knock(environ)
        return open_door(connection, environ)
    monkeypatch.setattr(socketio.server, "_handle_eio_connect", knock)


@pytest.mark.earlier_terms
def test_socket_of_a_watcher_hears_nothing_of_a_hidden_result(app: Flask, cast: Cast, sign_in, knocks: None) -> None:
    poll = make_poll(cast, upto="open")
    clients = {}
    for name in ("olu", "ben", "finn"):
        # Apart from the test's own context, which would lend every socket the first one's person.
        clients[name] = contextvars.Context().run(
            socketio.test_client, app, flask_test_client=sign_in(cast.person(name)))
        answer = clients[name].emit("join", {"meeting": cast.slug, "forum": cast.forum_session().id, "after": 0},
                                    callback=True)
        assert answer["ok"] is True

    def heard(name: str, *, identifier: str, version: int = 0) -> str:
        """What a socket is told until it is told of this element, in at least this version."""
        told: list[dict[str, Any]] = []
        deadline = time.monotonic() + 20
        while not any(one["id"] == identifier and one["version"] >= version for one in told):
            assert time.monotonic() < deadline, f"{name} hears nothing of {identifier}"
            time.sleep(0.02)
            told += [fragment for message in clients[name].get_received()
                     for change in message["args"] for fragment in change["fragments"]]
        return "".join(one["html"] for one in told)

    for name, rating in (("ben", 9), ("cyn", 6)):
        vote(cast, name, poll, rating_answer(poll, rating, rating))
    db.session.rollback()
    told = {name: heard(name, identifier=f"result-{poll.id}", version=2) for name in clients}
    assert {name: found_in(text) for name, text in told.items()} == {name: set() for name in clients}
    for verb, knowing in (("close", {"finn"}), ("reveal", set(clients))):
        move(cast, poll, verb)
        told = {name: heard(name, identifier=f"poll-{poll.id}") for name in clients}
        assert {name: found_in(text) for name, text in told.items()} == {
            name: set(CANARIES) if name in knowing else set() for name in clients}
