"""The loop that tells open pages what was committed: numbered events, and tallies at most five times a second.

It reads what is new from the database, so it does not matter which process wrote it: web, worker or command.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from flask import Flask

from sigforum.live import queries as live
from sigforum.live.gateway import Fragment, Gateway, Onlooker, fragments_of
from sigforum.people import viewer_queries
from sigforum.people.domain import Audience
from sigforum.transaction import MeetingEvent
from sigforum.web.turns import turns_of

IDLE_SECONDS = 0.25
TALLY_SECONDS = 0.2
# After a look the next one waits this long, however often it is asked for: what came meanwhile goes out together.
BREATH_SECONDS = 0.05
# Showing a tally may take this part of the time; where counting takes long, the pushes come less often.
SHARE_OF_TIME = 0.4
SLOWEST_TALLY_SECONDS = 0.5


class Tallies(Protocol):
    """Something shown that changes too often for an event each time; a feature registers one.

    It may say how many `seconds` at least lie between two pushes of a key, as a number or as a function of the
    key; TALLY_SECONDS where it does not. With `on_wall` it is rendered for the page on the wall too.
    """

    def versions(self, rooms: Iterable[str]) -> Mapping[tuple[str, int], int]:
        """The version of each (room, id) that the rooms show now."""

    def render(self, key: tuple[str, int], version: int, onlooker: Onlooker) -> list[Fragment]:
        """How it looks to an onlooker."""


TALLIES: list[Tallies] = []


def add_tallies(tallies: Tallies) -> None:
    """Show these too. Another one of the same class, added for another application, changes nothing."""
    if not any(type(one) is type(tallies) for one in TALLIES):
        TALLIES.append(tallies)


def shown_tally(tallies: Tallies, key: tuple[str, int], version: int, onlooker: Onlooker) -> list[Fragment]:
    """A tally for an onlooker; nothing for the wall where it has no place there."""
    if onlooker.audience is Audience.PROJECTOR and not getattr(tallies, "on_wall", False):
        return []
    return tallies.render(key, version, onlooker)


@dataclass(frozen=True)
class _Told:
    """What was pushed of a tally, and from when on the next push may follow."""

    version: int
    next_at: float


@dataclass
class Ticker:
    """One loop an application, started by the first connection."""

    app: Flask
    gateway: Gateway
    server: Any
    cursors: dict[int, int] = field(default_factory=dict)
    told: dict[tuple[int, tuple[str, int]], _Told] = field(default_factory=dict)
    is_running: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    woken: Any = None
    # Whether this process has stored an event since the last look; what others stored is found at the next tick.
    has_news: bool = True
    read_at: float = 0.0
    # Grows before anything is told. What was read earlier under the same number may be given to somebody who sat
    # down since: whatever is newer has not been told yet, and will reach that seat.
    generation: int = 0

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
        self.generation += 1
        self.has_news = True
        self.nudge_tallies()

    def nudge_tallies(self, _sender: Any = None, **_ignored: Any) -> None:
        """Count again at once; there is no event to read."""
        if self.woken is not None and not self.woken.is_set():
            self.woken.set()

    def follow(self, meeting_id: int) -> None:
        """Deliver this meeting's events from now on. Called when the first page is seated, because the cursor
        of a meeting without pages is dropped, and before that page's catch-up is read."""
        with self.lock:
            if meeting_id not in self.cursors:
                self.generation += 1
                self.cursors[meeting_id] = live.last_number(meeting_id)

    def _run(self) -> None:
        while True:
            waits = self._pass()
            self.server.sleep(BREATH_SECONDS)
            self.woken.wait(max(0.0, (IDLE_SECONDS if waits is None else waits) - BREATH_SECONDS))
            self.woken.clear()

    def _pass(self) -> float | None:
        """One look; a failure is logged and the loop goes on."""
        with self.lock:
            if not self.gateway.rooms():
                self.cursors.clear()
                return None
        try:
            with self.app.app_context(), turns_of(self.app).hurried():
                if self.has_news or time.monotonic() - self.read_at >= IDLE_SECONDS:
                    self.has_news, self.read_at = False, time.monotonic()
                    self._deliver_events()
                return self._deliver_tallies()
        except Exception:
            self.app.logger.exception("the live loop failed and goes on")
            return IDLE_SECONDS

    def _deliver_events(self) -> None:
        meeting_ids = self.gateway.meeting_ids()
        with self.lock:
            for gone in set(self.cursors) - meeting_ids:
                del self.cursors[gone]
            behind = {identifier: self.cursors[identifier]
                      for identifier in meeting_ids if identifier in self.cursors}
        events = live.newer(behind)
        # The same event many times is told once, the last time: it is shown as it is now. Two hundred changes of one
        # response would be two hundred renderings, and votes are told after them.
        last = {_look_of(event): event.number for event in events}
        for event in events:
            self.generation += 1
            with self.lock:
                self.cursors[event.meeting_id] = event.number
            if last[_look_of(event)] != event.number:
                continue
            if event.kind in ("membership_revoked", "membership_changed", "signed_out"):
                self._close_stale(event)
                continue
            self.gateway.tell(
                event.room, number=event.number, person_id=event.payload.get("person_id"),
                render=partial(fragments_of, event.kind, event.payload))
            # Many events are many renderings; whoever waits for an answer gets it in between.
            self.server.sleep(0)

    def _close_stale(self, event: MeetingEvent) -> None:
        person_id = event.payload["person_id"]
        # With a new role a page is opened anew: its seats were given to the old one.
        changed = event.meeting_id if event.kind == "membership_changed" else None
        open_to = viewer_queries.live_browsers(person_id)
        self.gateway.close_stale(person_id, lambda seat: (
            seat.meeting_id == changed or (seat.sign_in_id, seat.meeting_id) not in open_to))

    def _deliver_tallies(self) -> float | None:
        """Send what changed; the seconds after which a change held back by the limit is due."""
        rooms, due = self.gateway.rooms(), None
        told: dict[tuple[int, tuple[str, int]], _Told] = {}
        for place, tallies in enumerate(TALLIES):
            for key, version in tallies.versions(rooms).items():
                known = self.told.get((place, key))
                if known is not None and known.version != version:
                    wait = known.next_at - time.monotonic()
                    if wait > 0:
                        due = wait if due is None else min(due, wait)
                        told[place, key] = known
                        continue
                if known is None or known.version != version:
                    known = self._tell(tallies, key, version)
                    self.server.sleep(0)
                told[place, key] = known
        self.told = told
        return due

    def _tell(self, tallies: Tallies, key: tuple[str, int], version: int) -> _Told:
        start = time.monotonic()
        self.generation += 1
        if version:
            self.gateway.tell(key[0], number=0, render=partial(shown_tally, tallies, key, version))
        taken = time.monotonic() - start
        pause = max(_seconds(tallies, key), min(taken / SHARE_OF_TIME, SLOWEST_TALLY_SECONDS))
        return _Told(version, start + pause)


def _look_of(event: MeetingEvent) -> tuple[int, str, str, str]:
    """What two events have in common that look the same on every page."""
    return event.meeting_id, event.room, event.kind, str(event.payload)


def _seconds(tallies: Tallies, key: tuple[str, int]) -> float:
    found = getattr(tallies, "seconds", TALLY_SECONDS)
    seconds: float = found(key) if callable(found) else found
    return seconds
