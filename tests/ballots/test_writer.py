"""The vote writer under real parallel writers, on both databases: nothing lost, nothing doubled, and
nothing acknowledged that is not stored."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from sigforum.ballots import actions
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.box import Receipt
from sigforum.ballots.models import Poll, Round, Vote, VoteChange
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Invalid, NotFound, Refusal
from sigforum.people.domain import Viewer
from sigforum.transaction import MeetingEvent
from tests.ballots.polling import add_voters, changes, counted, make_poll, rating_answer, vote
from tests.casting import Cast

pytestmark = pytest.mark.both_databases
VOTERS = 12

Outcome = Receipt | Exception


def in_parallel(app: Flask, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each work in a thread and an application context of its own, all let go at one moment. The answer
    of each, or what it raised."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                return work()
            except Exception as problem:
                return problem
    # What this thread has open would keep the others waiting.
    db.session.rollback()
    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        return list(pool.map(run, works))


def casting(viewer: Viewer, poll_id: int, answer: Any, *, key: str, round_number: int = 1) -> Callable[[], Receipt]:
    """A vote to be cast later, in another thread: plain values only."""
    cast = CastVote(poll_id=poll_id, round_number=round_number, raw=answer, key=key)
    return lambda: actions.cast_vote(viewer, cast)


@pytest.fixture
def voters(cast: Cast) -> list[Viewer]:
    return [cast.viewer(name) for name in ["ben", "cyn", *add_voters(cast, VOTERS - 2)]]


def stored(round_id: int) -> dict[int, Vote]:
    db.session.rollback()
    return {found.person_id: found for found in db.session.scalars(
        select(Vote).where(Vote.round_id == round_id).execution_options(populate_existing=True))}


def test_parallel_votes_are_neither_lost_nor_doubled(app: Flask, cast: Cast, voters: list[Viewer]) -> None:
    poll = make_poll(cast, upto="open")
    poll_id, round_id = poll.id, poll.rounds[-1].id
    wanted = {(viewer.person_id, turn): rating_answer(poll, 1 + (place + turn) % 9, 1 + (place * turn) % 9)
              for place, viewer in enumerate(voters) for turn in range(3)}
    works = [casting(viewer, poll_id, wanted[viewer.person_id, turn], key=f"key-{viewer.person_id}-{turn}")
             for viewer in voters for turn in range(3)]
    random.Random(3).shuffle(works)
    outcomes = in_parallel(app, works)
    assert [one for one in outcomes if not isinstance(one, Receipt)] == []
    kept = changes(round_id)
    assert len(kept) == len(works)
    by_person = {viewer.person_id: [one for one in kept if one.person_id == viewer.person_id] for viewer in voters}
    votes = stored(round_id)
    assert set(votes) == set(by_person)
    for person_id, own in by_person.items():
        assert [one.revision for one in own] == [1, 2, 3]
        assert sorted(one.key for one in own) == [f"key-{person_id}-{turn}" for turn in range(3)]
        assert all(one.answer == wanted[person_id, int(one.key[-1])] for one in own)
        assert (votes[person_id].revision, votes[person_id].answer) == (3, own[-1].answer)
    fresh = db.session.get(Round, round_id)
    assert fresh is not None
    assert fresh.version == len(works)
    receipts = {(one.person_id, one.revision): one.answer for one in kept}
    assert len(receipts) == len(outcomes)
    assert len({str(one.answer) for one in votes.values()}) > 1


def test_same_key_in_parallel_counts_once(app: Flask, cast: Cast, voters: list[Viewer]) -> None:
    poll = make_poll(cast, upto="open")
    answer, round_id = rating_answer(poll, 8, 2), poll.rounds[-1].id
    outcomes = in_parallel(app, [casting(viewer, poll.id, answer, key="one-and-the-same")
                                 for viewer in voters[:3] for _ in range(6)])
    assert {one.revision for one in outcomes} == {1}
    kept = changes(round_id)
    assert sorted(one.person_id for one in kept) == sorted(viewer.person_id for viewer in voters[:3])
    assert counted(poll).answered == 3


def test_votes_in_parallel_with_the_close_are_counted_or_refused(
        app: Flask, cast: Cast, voters: list[Viewer]) -> None:
    chair = cast.viewer("finn")
    for attempt in range(4):
        poll = make_poll(cast, upto="open", title=f"Round {attempt}")
        poll_id, round_id, answer = poll.id, poll.rounds[-1].id, rating_answer(poll, 9, 1)
        works: list[Callable[[], Any]] = [
            casting(viewer, poll_id, answer, key=f"key-{viewer.person_id}") for viewer in voters]
        works.insert(3 * attempt, lambda poll_id=poll_id: actions.move_poll(chair, poll_id, verb="close").id)
        outcomes = in_parallel(app, works)
        closed = outcomes.pop(3 * attempt)
        assert closed == poll_id
        accepted = {viewer.person_id for viewer, one in zip(voters, outcomes, strict=True)
                    if isinstance(one, Receipt)}
        refused = [one for one in outcomes if not isinstance(one, Receipt)]
        assert all(isinstance(one, Conflict) for one in refused), refused
        assert set(stored(round_id)) == accepted
        result = counted(poll)
        assert result.answered == len(accepted)
        fresh = db.session.get(Round, round_id)
        assert fresh is not None
        # dov is invited and has not come, rex was invited and removed; everybody else here is entitled.
        assert (fresh.invited, fresh.entitled) == (VOTERS + 2, VOTERS)
        with pytest.raises(Conflict):
            vote(cast, "ben", poll, answer)
        assert counted(poll) == result


@pytest.mark.parametrize(("before", "verb"), [("", "open"), ("open", "close"), ("close", "reveal"),
                                              ("reveal", "decide"), ("close", "open")])
def test_chairs_moving_at_the_same_moment_have_one_effect(app: Flask, cast: Cast, before: str, verb: str) -> None:
    poll = make_poll(cast, upto=before)
    poll_id, rounds = poll.id, len(poll.rounds)
    chairs = [cast.viewer("finn"), cast.viewer("ada")] * 4
    outcomes = in_parallel(app, [
        lambda viewer=viewer: actions.move_poll(viewer, poll_id, verb=verb).state for viewer in chairs])
    assert len(set(outcomes)) == 1, outcomes
    db.session.rollback()
    fresh = db.session.get(Poll, poll_id, populate_existing=True)
    assert fresh is not None
    assert fresh.state == outcomes[0]
    assert len(fresh.rounds) == rounds + (verb == "open")
    told = db.session.scalar(select(func.count()).select_from(MeetingEvent).where(
        MeetingEvent.kind == "poll_changed", MeetingEvent.payload["poll_id"].as_integer() == poll_id,
        MeetingEvent.payload["verb"].as_string() == verb))
    assert told == 1 + (before == "close" and verb == "open")


@contextmanager
def failing_commits() -> Iterator[list[int]]:
    """Let every commit fail as a full disk would, and count them."""
    tried: list[int] = []

    def fail(_connection: Any) -> None:
        tried.append(1)
        raise OperationalError("COMMIT", {}, Exception("disk is full"))
    event.listen(db.engine, "commit", fail)
    try:
        yield tried
    finally:
        event.remove(db.engine, "commit", fail)


def test_failing_commit_acknowledges_nobody(app: Flask, cast: Cast, voters: list[Viewer]) -> None:
    poll = make_poll(cast, upto="open")
    answer, round_id = rating_answer(poll, 9, 1), poll.rounds[-1].id
    works = [casting(viewer, poll.id, answer, key=f"key-{viewer.person_id}") for viewer in voters]
    with failing_commits() as tried:
        outcomes = in_parallel(app, works)
    assert tried
    assert all(isinstance(one, OperationalError) for one in outcomes), outcomes
    assert (stored(round_id), changes(round_id)) == ({}, [])
    # Repeated with the same keys, as clients do, every vote counts, and counts once.
    assert all(one.revision == 1 for one in in_parallel(app, works))
    assert len(stored(round_id)) == len(changes(round_id)) == VOTERS


class Unreadable(dict[str, Any]):
    """A ballot that fails in a way no kind foresaw."""

    def get(self, *_arguments: Any) -> Any:
        raise RuntimeError("unreadable")


def wrong_votes(poll: Poll, viewer: Viewer, watcher: Viewer) -> dict[str, tuple[Viewer, CastVote, type[Exception]]]:
    """Votes that cannot count, each for a reason of its own."""
    right = rating_answer(poll, 5, 5)

    def made(**changed: Any) -> tuple[Viewer, CastVote]:
        return changed.pop("viewer", viewer), CastVote(
            **({"poll_id": poll.id, "round_number": 1, "raw": right, "key": "wrong-vote"} | changed))
    return {
        "an unknown option": (*made(raw={"ratings": {"o0": 5}}), Invalid),
        "a number of thousands of digits": (*made(raw={"rating-o1": "9" * 5000}, is_form=True), Invalid),
        "another round": (*made(round_number=7), Conflict),
        "an unknown poll": (*made(poll_id=poll.id + 1000), NotFound),
        "a person who may only watch": (*made(viewer=watcher), Refusal),
        "what no code expects": (*made(raw=Unreadable()), RuntimeError),
    }


def test_wrong_vote_in_a_batch_leaves_the_others_alone(app: Flask, cast: Cast, voters: list[Viewer]) -> None:
    poll = make_poll(cast, upto="open")
    answer, round_id = rating_answer(poll, 9, 1), poll.rounds[-1].id
    wrong = wrong_votes(poll, voters[0], cast.viewer("olu"))
    good = [casting(viewer, poll.id, answer, key=f"key-{viewer.person_id}") for viewer in voters[1:]]
    works = list(good)
    for place, (viewer, made, _) in enumerate(wrong.values()):
        works.insert(2 * place, lambda viewer=viewer, made=made: actions.cast_vote(viewer, made))
    outcomes = in_parallel(app, works)
    for place, (name, (*_, expected)) in reversed(list(enumerate(wrong.items()))):
        outcome = outcomes.pop(2 * place)
        assert isinstance(outcome, expected), (name, outcome)
    assert all(isinstance(one, Receipt) for one in outcomes), outcomes
    assert set(stored(round_id)) == {viewer.person_id for viewer in voters[1:]}


def test_database_itself_refuses_a_second_ballot(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 9, 1))
    first = changes(poll.rounds[-1].id)[0]
    for copy in (Vote(round_id=first.round_id, person_id=first.person_id, answer={}, code="another"),
                 VoteChange(round_id=first.round_id, person_id=first.person_id, key=first.key, revision=2, answer={},
                            cast_at=first.cast_at),
                 VoteChange(round_id=first.round_id, person_id=first.person_id, key="another-key", revision=1,
                            answer={}, cast_at=first.cast_at)):
        db.session.expunge_all()
        db.session.add(copy)
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()
