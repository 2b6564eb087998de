"""The loop that tells open pages what was committed: numbered events, and tallies at most five times a second.

It reads what is new from the database, so it does not matter which process wrote it: web, worker or command.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from flask import Flask

from sigforum.live import queries as live
from sigforum.live.gateway import Fragment, Gateway, Onlooker, fragments_of
from sigforum.people import queries as people
from sigforum.transaction import MeetingEvent

IDLE_SECONDS = 0.25
TALLY_SECONDS = 0.2


class Tallies(Protocol):
    """Something shown that changes too often for an event each time; a feature registers one."""

    def versions(self, rooms: Iterable[str]) -> Mapping[tuple[str, int], int]:
        """The version of each (room, id) that the rooms show now."""

    def render(self, key: tuple[str, int], version: int, onlooker: Onlooker) -> list[Fragment]:
        """How it looks to an onlooker."""


TALLIES: list[Tallies] = []


@dataclass
class Ticker:
    """One loop an application, started by the first connection."""

    app: Flask
    gateway: Gateway
    server: Any
    cursors: dict[int, int] = field(default_factory=dict)
    told: dict[tuple[str, int], tuple[int, float]] = field(default_factory=dict)
    is_running: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    woken: Any = None

    def start(self) -> None:
        """Start the loop, once."""
        with self.lock:
            if self.is_running:
                return
            self.is_running = True
            self.woken = self.server.eio.create_event()
        self.server.start_background_task(self._run)

    def nudge(self, _sender: Any = None, **_ignored: Any) -> None:
        """Look at once instead of at the next tick."""
        if self.woken is not None:
            self.woken.set()

    def follow(self, meeting_id: int) -> None:
        """Deliver this meeting's events from now on. Called when the first page is seated, because the cursor
        of a meeting without pages is dropped, and before that page's catch-up is read."""
        with self.lock:
            if meeting_id not in self.cursors:
                self.cursors[meeting_id] = live.last_number(meeting_id)

    def _run(self) -> None:
        while True:
            waits = self._pass(self._deliver_events) or self._pass(self._deliver_tallies)
            self.woken.wait(waits or IDLE_SECONDS)
            self.woken.clear()

    def _pass(self, work: Callable[[], float | None]) -> float | None:
        """One step with its own database session; a failure is logged and the loop goes on."""
        try:
            with self.app.app_context():
                return work()
        except Exception:
            self.app.logger.exception("the live loop failed and goes on")
            return IDLE_SECONDS

    def _deliver_events(self) -> float | None:
        meeting_ids = self.gateway.meeting_ids()
        with self.lock:
            for gone in set(self.cursors) - meeting_ids:
                del self.cursors[gone]
            behind = {identifier: self.cursors[identifier]
                      for identifier in meeting_ids if identifier in self.cursors}
        for event in live.newer(behind):
            with self.lock:
                self.cursors[event.meeting_id] = event.number
            if event.kind in ("membership_revoked", "membership_changed", "signed_out"):
                self._close_stale(event)
                continue
            self.gateway.tell(
                event.room, number=event.number, person_id=event.payload.get("person_id"),
                render=partial(fragments_of, event.kind, event.payload))
        return None

    def _close_stale(self, event: MeetingEvent) -> None:
        person_id = event.payload["person_id"]
        # With a new role a page is opened anew: its seats were given to the old one.
        changed = event.meeting_id if event.kind == "membership_changed" else None
        meetings = {found.meeting_id for found in people.memberships_of(person_id)}
        browsers = {found.id for found in people.sign_ins(person_id)}
        self.gateway.close_stale(
            person_id, lambda seat: (seat.meeting_id not in meetings or seat.meeting_id == changed
                                     or seat.sign_in_id not in browsers))

    def _deliver_tallies(self) -> float | None:
        """Send what changed; the seconds after which a change held back by the limit is due."""
        due: float | None = None
        for tallies in TALLIES:
            for key, version in tallies.versions(self.gateway.rooms()).items():
                known, at = self.told.get(key, (None, 0.0))
                if version == known:
                    continue
                wait = at + TALLY_SECONDS - time.monotonic()
                if wait > 0:
                    due = wait if due is None else min(due, wait)
                    continue
                self.told[key] = (version, time.monotonic())
                if known is not None or version > 0:
                    self.gateway.tell(key[0], number=0, render=partial(tallies.render, key, version))
        return due
