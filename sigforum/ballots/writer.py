"""The vote writer: votes that wait together are committed together, and acknowledged only then."""

import threading
import time
from dataclasses import dataclass, field

from flask import Flask, current_app

from sigforum.ballots.box import BallotBox, Cast, Receipt, Sender
from sigforum.database import WRITE
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.transaction import announce_tallies, write_lane
from sigforum.web.turns import turns_of

# How long votes are waited for that arrive at the same moment. Where others keep the process busy, a single look
# for more votes takes longer than that, and is the last.
_LINE_UP_SECONDS = 0.03


@dataclass
class _Ticket:
    sender: Sender
    cast: Cast
    outcome: Receipt | Exception | None = None
    # Held until the vote is done, or until it is this vote's turn to lead.
    woken: threading.Lock = field(default_factory=threading.Lock)


class VoteWriter:
    """One an application. The first vote to come leads: it commits all that wait, and passes the lead on."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.box = BallotBox()
        self.waiting: list[_Ticket] = []
        self.is_led = False
        self.mutex = threading.Lock()

    def write(self, sender: Sender, cast: Cast) -> Receipt:
        """Store one vote and return once it is on disk. Raises the Refusal of a vote that cannot count."""
        with turns_of(self.app).first():
            return self._write(_Ticket(sender, cast))

    def _write(self, ticket: _Ticket) -> Receipt:
        ticket.woken.acquire()
        with self.mutex:
            self.waiting.append(ticket)
            leads, self.is_led = not self.is_led, True
        if not leads:
            ticket.woken.acquire()
        if ticket.outcome is None:
            self._lead()
        if isinstance(ticket.outcome, Receipt):
            return ticket.outcome
        assert ticket.outcome is not None
        raise ticket.outcome

    def _lead(self) -> None:
        batch: list[_Ticket] = []
        # Let the votes that arrive at the same moment line up, as long as more of them come: one transaction and
        # one sync to disk serve them all.
        lined_up, until = 0, time.monotonic() + _LINE_UP_SECONDS
        while lined_up < len(self.waiting) and time.monotonic() < until:
            lined_up = len(self.waiting)
            time.sleep(0)
        try:
            with write_lane.first():
                with self.mutex:
                    batch, self.waiting = self.waiting, []
                with self.app.app_context():
                    self._commit(batch)
        except BaseException as problem:
            for ticket in batch:
                ticket.outcome = ticket.outcome or RuntimeError(f"the vote writer failed: {problem!r}")
            raise
        finally:
            for ticket in batch:
                if ticket.woken.locked():
                    ticket.woken.release()
            with self.mutex:
                if self.waiting:
                    self.waiting[0].woken.release()
                else:
                    self.is_led = False

    def _commit(self, batch: list[_Ticket]) -> None:
        """Write a batch in one transaction. Where that fails, each vote is tried alone."""
        try:
            connection = db.session.connection(execution_options=WRITE)
            outcomes, is_changed = self.box.store(
                connection, [(ticket.sender, ticket.cast) for ticket in batch], at=now())
            db.session.commit()
        except Exception as problem:
            db.session.rollback()
            if len(batch) == 1:
                batch[0].outcome = problem
                return
            for ticket in batch:
                self._commit([ticket])
            return
        finally:
            db.session.remove()
        for ticket, outcome in zip(batch, outcomes, strict=True):
            ticket.outcome = outcome
        if is_changed:
            announce_tallies()


def bind(app: Flask) -> None:
    """Give an application its writer."""
    app.extensions["vote_writer"] = VoteWriter(app)


def write_vote(sender: Sender, cast: Cast, *, app: Flask | None = None) -> Receipt:
    """Store one vote through the application's writer."""
    # What this request has open would keep a connection, and a room that votes must not hold them all.
    if app is None:
        db.session.rollback()
    writer: VoteWriter = (app or current_app).extensions["vote_writer"]
    return writer.write(sender, cast)
