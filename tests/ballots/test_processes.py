"""Votes and moves that come from several processes at once: their locks are the database's own."""

import multiprocessing
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from sigforum.app import create_app
from sigforum.ballots.actions import cast_vote, move_poll
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.models import Poll, Vote
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict
from sigforum.people.domain import Viewer
from sigforum.settings import Settings
from sigforum.transaction import MeetingEvent
from tests.ballots.polling import changes, counted, make_poll, move, rating_answer
from tests.casting import Cast

pytestmark = [pytest.mark.both_databases, pytest.mark.timeout(240)]
TURNS = 8


def vote_often(settings: Settings, viewer: Viewer, poll_id: int, answer: Mapping[str, Any], name: str) -> list[str]:
    """In a process of its own: vote under new keys, and under one key that every process uses."""
    app, outcomes = create_app(settings), []
    with app.app_context():
        for turn in range(TURNS):
            for key in (f"{name}-vote-{turn}", f"shared-vote-{turn}"):
                try:
                    cast_vote(viewer, CastVote(poll_id=poll_id, round_number=1, raw=answer, key=key))
                    outcomes.append("counted")
                except Conflict:
                    outcomes.append("refused")
    return outcomes


def move_often(settings: Settings, viewer: Viewer, poll_id: int) -> list[str]:
    """In a process of its own: close, and say so again."""
    app, states = create_app(settings), []
    with app.app_context():
        for _ in range(3):
            states.append(str(move_poll(viewer, poll_id, verb="close").state))
    return states


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(max_workers=2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def test_one_person_voting_from_two_processes_has_one_ballot(
        cast: Cast, settings: Settings, processes: ProcessPoolExecutor) -> None:
    poll = make_poll(cast, upto="open")
    round_id, viewer, answer = poll.rounds[-1].id, cast.viewer("ben"), rating_answer(poll, 9, 1)
    db.session.rollback()
    waiting = [processes.submit(vote_often, settings, viewer, poll.id, answer, name) for name in ("one", "two")]
    for one in waiting:
        assert one.result(timeout=100) == ["counted"] * 2 * TURNS
    kept = changes(round_id)
    # Each process's own keys, and each shared key once.
    assert [change.revision for change in kept] == list(range(1, 3 * TURNS + 1))
    assert len({change.key for change in kept}) == 3 * TURNS
    assert db.session.scalar(select(func.count()).select_from(Vote).where(Vote.round_id == round_id)) == 1
    fresh = db.session.get(Poll, poll.id, populate_existing=True)
    assert fresh is not None
    assert fresh.rounds[-1].version == 3 * TURNS


def test_two_processes_closing_have_one_effect(
        cast: Cast, settings: Settings, processes: ProcessPoolExecutor) -> None:
    poll = make_poll(cast, upto="open")
    chairs, poll_id = [cast.viewer("finn"), cast.viewer("ada")], poll.id
    db.session.rollback()
    waiting = [processes.submit(move_often, settings, chair, poll_id) for chair in chairs]
    assert [one.result(timeout=100) for one in waiting] == [["closed"] * 3] * 2
    db.session.rollback()
    told = db.session.scalar(select(func.count()).select_from(MeetingEvent).where(
        MeetingEvent.kind == "poll_changed", MeetingEvent.payload["poll_id"].as_integer() == poll_id,
        MeetingEvent.payload["verb"].as_string() == "close"))
    assert told == 1


def test_close_here_and_votes_there_agree(cast: Cast, settings: Settings, processes: ProcessPoolExecutor) -> None:
    poll = make_poll(cast, upto="open")
    round_id, answer = poll.rounds[-1].id, rating_answer(poll, 9, 1)
    viewers = [cast.viewer("ben"), cast.viewer("cyn")]
    db.session.rollback()
    waiting = [processes.submit(vote_often, settings, viewer, poll.id, answer, "own") for viewer in viewers]
    while not changes(round_id) and not all(one.done() for one in waiting):
        time.sleep(0.01)
    move(cast, poll, "close")
    result, before = counted(poll), len(changes(round_id))
    outcomes = [one.result(timeout=100) for one in waiting]
    assert len(changes(round_id)) == before == sum(one.count("counted") for one in outcomes)
    assert counted(poll) == result
    assert result.answered == sum("counted" in one for one in outcomes)
