"""The one commit: events are numbered and stored with what they tell of, and told only afterwards."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from blinker import Signal
from flask import current_app
from sqlalchemy import JSON, ForeignKey, PrimaryKeyConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from sigforum.database import WRITE
from sigforum.extensions import Model, UtcDateTime, db
from sigforum.kernel.clock import now
from sigforum.kernel.events import Event

# Sent after a commit with `meeting_ids`, the meetings that have new events.
events_committed = Signal()
# Sent after a commit that moved tallies and made no event, as votes do.
tallies_moved = Signal()


class WriteLane:
    """One writer at a time in this process, and votes before all others.

    SQLite would make a second writer wait inside C, where the event loop cannot run the first one to its end;
    PostgreSQL locks the meeting's counter anyway. A batch of votes waits for the one transaction that runs and
    not for those in line, so that a room that posts without a pause cannot keep a room from voting.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_taken = False
        self._firsts = 0

    @contextmanager
    def first(self) -> Iterator[None]:
        """Write before everybody who waits in line."""
        with self._changed:
            self._firsts += 1
            while self._is_taken:
                self._changed.wait()
            self._firsts -= 1
            self._is_taken = True
        yield from self._hold()

    @contextmanager
    def in_line(self) -> Iterator[None]:
        """Write when it is one's turn."""
        with self._changed:
            while self._is_taken or self._firsts:
                self._changed.wait()
            self._is_taken = True
        yield from self._hold()

    def _hold(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._changed:
                self._is_taken = False
                self._changed.notify_all()


# A lock made at import is cooperative only if the standard library was patched before, which wsgi.py sees to.
write_lane = WriteLane()


class MeetingCounter(Model):
    """The number of a meeting's newest event; its row lock puts events in the order of their commits."""

    __tablename__ = "meeting_counters"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    last_number: Mapped[int] = mapped_column(default=0)


class MeetingEvent(Model):
    """One numbered event of a meeting."""

    __tablename__ = "meeting_events"
    __table_args__ = (PrimaryKeyConstraint("meeting_id", "number"),)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str]
    room: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Transaction:
    """What an action may do besides changing rows: publish events, and ask for work after the commit."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.afterwards: list[Callable[[], object]] = []
        self.gathered: dict[Callable[[list[Any]], object], list[Any]] = {}

    def publish(self, event: Event) -> None:
        """Tell of `event` once the commit has succeeded."""
        self.events.append(event)

    def after_commit(self, work: Callable[[], object]) -> None:
        """Run `work` once the commit has succeeded, for example to wake the worker."""
        self.afterwards.append(work)

    def gather(self, work: Callable[[list[Any]], object], thing: Any) -> None:
        """Hand `thing` to `work` with all others it is given, behind everything else that the transaction does:
        locks that nearly every transaction needs are taken last, for a short time and in one order."""
        self.gathered.setdefault(work, []).append(thing)


def running_transaction() -> Transaction:
    """The transaction that is open here; writing outside one is a mistake of the caller's."""
    running = db.session().info.get("transaction")
    if not isinstance(running, Transaction):
        raise RuntimeError("this is only done inside `with transaction()`")
    return running


def is_writing() -> bool:
    """Whether a transaction is open here, for which other writers wait."""
    return "transaction" in db.session().info


@contextmanager
def transaction() -> Iterator[Transaction]:
    """Everything inside is stored together, or not at all. An inner transaction joins the outer one."""
    outer = db.session().info.get("transaction")
    if outer is not None:
        yield outer
        return
    tx = Transaction()
    # What was read so far may be out of date behind the lock, and is read again there. Letting go of it here
    # gives the connection back: a room that waits to write must not take them all from those who read.
    db.session.rollback()
    with write_lane.in_line():
        held = db.session()
        held.info["transaction"] = tx
        try:
            db.session.connection(execution_options=WRITE)
            yield tx
            for work, things in tx.gathered.items():
                work(things)
            _store(tx.events)
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            held.info.pop("transaction", None)
    announce({event.meeting_id for event in tx.events})
    for follow_up in tx.afterwards:
        follow_up()


def announce(meeting_ids: set[int]) -> None:
    """Tell subscribers that these meetings have something new."""
    if meeting_ids:
        events_committed.send(_app(), meeting_ids=meeting_ids)


def announce_tallies() -> None:
    """Tell subscribers that something is to be counted again."""
    tallies_moved.send(_app())


def _app() -> Any:
    # The proxy would not compare equal to the application that subscribers named.
    return current_app._get_current_object()  # type: ignore[attr-defined]


def _store(events: list[Event]) -> None:
    """Give each event the next number of its meeting."""
    db.session.flush()
    for event in events:
        counter = db.session.scalar(
            select(MeetingCounter).where(MeetingCounter.meeting_id == event.meeting_id).with_for_update())
        if counter is None:
            counter = MeetingCounter(meeting_id=event.meeting_id, last_number=0)
            db.session.add(counter)
        counter.last_number += 1
        db.session.add(MeetingEvent(
            meeting_id=event.meeting_id, number=counter.last_number, kind=event.kind, room=event.room,
            payload=dict(event.payload())))
        db.session.flush()
