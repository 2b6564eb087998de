"""The only emitter: who sits in which room, and what each audience of a room is told."""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from flask import Flask, current_app

from sigforum.live.attendance import Attendance
from sigforum.people.domain import Audience

CHANGE = "change"


@dataclass(frozen=True, kw_only=True)
class Fragment:
    """A piece of page: replaces the element with this id, or is appended to `into`. Empty html removes it.

    `version` grows where the same element is sent many times a second; a client drops older ones.
    """

    id: str
    html: str
    into: str = ""
    version: int = 0


class Identity(NamedTuple):
    """Whose socket it is, as the signed cookie said when it connected."""

    token: str
    person_id: int
    sign_in_id: int


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One open page: a socket in a room."""

    sid: str
    person_id: int
    sign_in_id: int
    meeting_id: int
    audience: Audience


@dataclass(frozen=True, kw_only=True)
class Onlooker:
    """For whom a fragment is rendered: an audience, or one person in it who sees more."""

    audience: Audience
    person_id: int | None = None


# What an event looks like on a page: (payload of the event, onlooker) -> fragments.
Renderer = Callable[[Mapping[str, Any], Onlooker], Iterable[Fragment]]
RENDERERS: dict[str, list[Renderer]] = defaultdict(list)
WALL_RENDERERS: dict[str, list[Renderer]] = defaultdict(list)


def show_events(*kinds: str, by: Renderer, on_wall: bool = False) -> None:
    """Register how events of these kinds are shown. Several features may each show their part of one event.

    The page on the wall has none of the other pages' parts, and is told none: only what is registered `on_wall`.
    Registering it again, for another application, changes nothing.
    """
    for kind in kinds:
        renderers = (WALL_RENDERERS if on_wall else RENDERERS)[kind]
        if by not in renderers:
            renderers.append(by)


def fragments_of(kind: str, payload: Mapping[str, Any], onlooker: Onlooker) -> list[Fragment]:
    """All that an event changes on an onlooker's page."""
    renderers = WALL_RENDERERS if onlooker.audience is Audience.PROJECTOR else RENDERERS
    return [fragment for renderer in renderers.get(kind, ()) for fragment in renderer(payload, onlooker)]


@dataclass
class Gateway:
    """The rooms of this process and the way into them; one an application."""

    server: Any
    seats: dict[str, dict[str, Seat]] = field(default_factory=lambda: defaultdict(dict))
    identities: dict[str, Identity] = field(default_factory=dict)
    attendance: Attendance = field(default_factory=Attendance)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _rooms_of: dict[str, list[str]] = field(default_factory=dict)
    _meetings: Counter[int] = field(default_factory=Counter)

    def connected(self, sid: str, *, token: str, person_id: int, sign_in_id: int) -> None:
        """Remember whose socket this is, as the signed cookie said when it connected."""
        with self.lock:
            self.identities[sid] = Identity(token, person_id, sign_in_id)

    def disconnected(self, sid: str) -> None:
        """Forget a socket, and take it out of its rooms: a client can send an event of this name and stay, and
        would go on listening where nobody could find it to close it."""
        with self.lock:
            self.identities.pop(sid, None)
        self.leave_all(sid)

    def sit(self, room: str, seat: Seat) -> None:
        """Let a socket hear of a room, in the group of its audience."""
        with self.lock:
            self.seats[room][seat.sid] = seat
            self._rooms_of.setdefault(seat.sid, []).append(room)
            self._meetings[seat.meeting_id] += 1
            self.attendance.came(room, seat.person_id)
        self.server.enter_room(seat.sid, f"{room}/{seat.audience}")

    def leave_all(self, sid: str) -> None:
        """Take a socket out of its rooms, before it joins another page's."""
        with self.lock:
            for room in self._rooms_of.pop(sid, ()):
                seat = self.seats[room].pop(sid)
                if not self.seats[room]:
                    del self.seats[room]
                self._meetings[seat.meeting_id] -= 1
                self.attendance.went(room, seat.person_id)
                self.server.leave_room(sid, f"{room}/{seat.audience}")
            self._meetings = +self._meetings

    def meeting_ids(self) -> set[int]:
        """The meetings of which somebody has a page open."""
        with self.lock:
            return set(self._meetings)

    def rooms(self) -> list[str]:
        """The rooms in which somebody sits."""
        with self.lock:
            return list(self.seats)

    def tell(self, room: str, *, number: int, render: Callable[[Onlooker], list[Fragment]],
             person_id: int | None = None) -> None:
        """Send a room what changed: rendered once for each audience in it, and once for `person_id`."""
        with self.lock:
            seats = list(self.seats[room].values()) if room in self.seats else []
        theirs = [seat for seat in seats if person_id is not None and seat.person_id == person_id]
        own_sids = [seat.sid for seat in theirs]
        for audience in {seat.audience for seat in seats if seat.sid not in own_sids}:
            self._emit(f"{room}/{audience}", number, render(Onlooker(audience=audience)), own_sids)
        for audience in {seat.audience for seat in theirs}:
            fragments = render(Onlooker(audience=audience, person_id=person_id))
            for seat in theirs:
                if seat.audience == audience:
                    self._emit(seat.sid, number, fragments, [])

    def close_stale(self, person_id: int, is_stale: Callable[[Seat], bool]) -> None:
        """Close those of a person's sockets that may not listen any more."""
        with self.lock:
            stale = {seat.sid for seats in self.seats.values() for seat in seats.values()
                     if seat.person_id == person_id and is_stale(seat)}
        for sid in stale:
            self.leave_all(sid)
            self.server.disconnect(sid)

    def _emit(self, room: str, number: int, fragments: list[Fragment], skipped: list[str]) -> None:
        if fragments:
            self.server.emit(CHANGE, {"number": number, "fragments": [asdict(one) for one in fragments]},
                             to=room, skip_sid=skipped or None)


def gateway(app: Flask | None = None) -> Gateway:
    """The gateway of the application at hand."""
    found: Gateway = (app or current_app).extensions["gateway"]
    return found
