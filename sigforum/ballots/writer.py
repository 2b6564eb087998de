"""The vote writer: votes that wait together are committed together, and acknowledged only then."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from sigforum.ballots import queries
from sigforum.ballots.models import Poll, Round, Vote, VoteChange
from sigforum.ballots.policy import check_open, check_votes
from sigforum.ballots.registry import kind_named
from sigforum.database import WRITE
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people.domain import Viewer
from sigforum.transaction import announce, write_lock


@dataclass(frozen=True, kw_only=True)
class Cast:
    """A vote on its way in."""

    viewer: Viewer
    poll_id: int
    round_number: int
    raw: Any
    key: str
    # Whether `raw` holds the fields of the kind's HTML form instead of an answer.
    is_form: bool = False


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a committed vote is acknowledged with."""

    revision: int
    cast_at: datetime
    answer: dict[str, Any]


@dataclass
class _Ticket:
    cast: Cast
    receipt: Receipt | None = None
    failure: Exception | None = None

    @property
    def is_done(self) -> bool:
        return self.receipt is not None or self.failure is not None


class VoteWriter:
    """One a process. Whoever holds the write lock commits for all who wait behind it."""

    def __init__(self) -> None:
        self.waiting: list[_Ticket] = []
        self.mutex = threading.Lock()

    def write(self, cast: Cast) -> Receipt:
        """Store one vote and return once it is on disk. Raises the Refusal of a vote that cannot count."""
        ticket = _Ticket(cast)
        # A room that waits to vote must not hold all the connections.
        db.session.rollback()
        with self.mutex:
            self.waiting.append(ticket)
        # Let the votes that arrived at the same moment line up, so that one sync to disk serves them all.
        time.sleep(0)
        with write_lock:
            if not ticket.is_done:
                with self.mutex:
                    batch, self.waiting = self.waiting, []
                _commit(batch)
        if ticket.failure is not None:
            raise ticket.failure
        assert ticket.receipt is not None
        return ticket.receipt


def _commit(batch: list[_Ticket]) -> None:
    """Write a batch in one transaction. A refused vote leaves the others alone; a failed commit fails all."""
    receipts: list[tuple[_Ticket, Receipt]] = []
    db.session.rollback()
    try:
        db.session.connection(execution_options=WRITE)
        for ticket in batch:
            try:
                with db.session.begin_nested():
                    receipts.append((ticket, _store(ticket.cast)))
            except Exception as problem:
                # Whatever is wrong with this vote, those beside it are counted.
                ticket.failure = problem
        db.session.commit()
    except Exception as problem:
        db.session.rollback()
        for ticket in batch:
            ticket.failure = ticket.failure or problem
        return
    for ticket, receipt in receipts:
        ticket.receipt = receipt
    announce({ticket.cast.viewer.meeting_id for ticket, _ in receipts})


def _store(cast: Cast) -> Receipt:
    """Check one vote against what the database says now, and add it to the transaction."""
    poll = queries.poll(cast.viewer.meeting_id, cast.poll_id)
    check_votes(cast.viewer, poll.forum_session_id)
    asked = _locked_round(poll)
    # The state is read again behind the lock: a close may have come first.
    db.session.refresh(poll, ["state"])
    repeated = asked and db.session.scalar(
        select(VoteChange).where(
            VoteChange.round_id == asked.id, VoteChange.person_id == cast.viewer.person_id,
            VoteChange.key == cast.key))
    if repeated:
        return Receipt(revision=repeated.revision, cast_at=repeated.cast_at, answer=repeated.answer)
    check_open(poll.state, is_current_round=asked is not None and asked.number == cast.round_number)
    assert asked is not None
    kind = kind_named(poll.kind)
    answer = kind.parse_answer(kind.read_form(cast.raw) if cast.is_form else cast.raw, queries.paper(poll))
    vote = queries.vote(asked.id, cast.viewer.person_id)
    at = now()
    if vote is None:
        vote = Vote(round_id=asked.id, person_id=cast.viewer.person_id, revision=0)
        db.session.add(vote)
    vote.revision += 1
    vote.answer, vote.cast_at = answer, at
    asked.version += 1
    db.session.add(VoteChange(round_id=asked.id, person_id=cast.viewer.person_id, key=cast.key,
                              revision=vote.revision, answer=answer, cast_at=at))
    db.session.flush()
    return Receipt(revision=vote.revision, cast_at=at, answer=answer)


def _locked_round(poll: Poll) -> Round | None:
    """The newest round, locked: a close waits for votes before it, and votes behind it see the close."""
    return db.session.scalar(
        select(Round).where(Round.poll_id == poll.id).order_by(Round.number.desc()).limit(1)
        .with_for_update().execution_options(populate_existing=True))


# The process's writer. A lock made at import is cooperative only if the standard library was patched before,
# which wsgi.py sees to.
_writer = VoteWriter()
write_vote: Callable[[Cast], Receipt] = _writer.write
