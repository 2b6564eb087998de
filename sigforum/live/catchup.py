"""What a page missed: the same for all who missed the same, so it is read and rendered once for all of them."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask, current_app

from sigforum.live import queries
from sigforum.live.gateway import Fragment, Onlooker, fragments_of
from sigforum.live.ticker import TALLIES, shown_tally
from sigforum.people.domain import Audience, Viewer
from sigforum.transaction import MeetingEvent

# Past this many missed events a fresh page is cheaper than mending the old one.
MOST_MISSED = 200
# The same among all events of a meeting, of which a page shows those of its own rooms.
MOST_READ = 2000
# So many answers are kept; past them the one that was not asked for the longest is worked out again.
MOST_KEPT = 600


@dataclass(frozen=True)
class Missed:
    """One event that somebody missed. Without its row: it outlives the database's session."""

    kind: str
    room: str
    payload: dict[str, Any]


@dataclass
class Memory:
    """Answers that many ask for at the same time; one an application. Every key says all that its answer depends
    on, so nothing in it is ever out of date. None is no answer."""

    kept: dict[Hashable, Any] = field(default_factory=dict)

    def recall(self, key: Hashable, work: Callable[[], Any]) -> Any:
        """The answer to `key`, worked out by the first who asks."""
        found = self.kept.pop(key, None)
        if found is None:
            found = work()
            while len(self.kept) >= MOST_KEPT:
                self.kept.pop(next(iter(self.kept)), None)
        self.kept[key] = found
        return found


def bind(app: Flask) -> None:
    """Give an application its memory."""
    app.extensions["catch_up"] = Memory()


def is_forum_of(forum_session_id: int, meeting_id: int) -> bool:
    """Whether a forum session belongs to a meeting, which never changes."""
    found: bool = _memory().recall(("forum", forum_session_id, meeting_id),
                                   partial(queries.is_forum_of, forum_session_id, meeting_id))
    return found


def caught_up(viewer: Viewer, *, after: int, shared: Sequence[str], own: str, audience: Audience) -> dict[str, Any]:
    """The newest number, and the fragments that changed after `after`, or that the page is to be loaded again.

    `shared` are the page's rooms in which others sit too, and `own` its person's.

    What is shown is read as it is now. An event shown otherwise to whom it concerns is rendered for that person
    alone; votes are no events, so tallies that moved meanwhile come last, as they stand.
    """
    memory, generation = _memory(), current_app.extensions["ticker"].generation
    number: int = memory.recall(("number", viewer.meeting_id, generation),
                                partial(queries.last_number, viewer.meeting_id))
    if after > number and after > (number := queries.last_number(viewer.meeting_id)):
        return {"number": number, "reload": True}
    events: list[Missed] = memory.recall(
        ("events", viewer.meeting_id, after, number), partial(_missed, viewer.meeting_id, after))
    mine = [event for event in events if event.room == own or event.room in shared]
    if len(events) >= MOST_READ or len(mine) > MOST_MISSED:
        return {"number": number, "reload": True}
    changed: dict[str, Any] = {}
    # The same event twice is shown once, as it is read again now.
    for event in {(one.kind, str(one.payload)): one for one in mine}.values():
        key = ("event", viewer.meeting_id, number, event.kind, str(event.payload), audience)
        if event.payload.get("person_id") == viewer.person_id:
            fragments = _shown(event, Onlooker(audience=audience, person_id=viewer.person_id))
        else:
            fragments = memory.recall(key, partial(_shown, event, Onlooker(audience=audience)))
        # The first place is kept, the last rendering wins.
        changed |= fragments
    changed |= memory.recall(("tallies", tuple(shared), audience, generation),
                             partial(_tallies, shared, Onlooker(audience=audience)))
    return {"number": number, "fragments": list(changed.values())}


def _missed(meeting_id: int, after: int) -> list[Missed]:
    rows: list[MeetingEvent] = queries.missed(meeting_id, after=after, most=MOST_READ)
    return [Missed(row.kind, row.room, row.payload) for row in rows]


def _shown(event: Missed, onlooker: Onlooker) -> dict[str, Any]:
    return _by_id(fragments_of(event.kind, event.payload, onlooker))


def _tallies(rooms: Sequence[str], onlooker: Onlooker) -> dict[str, Any]:
    return {fragment_id: fragment for tallies in TALLIES for key, version in tallies.versions(rooms).items() if version
            for fragment_id, fragment in _by_id(shown_tally(tallies, key, version, onlooker)).items()}


def _memory() -> Memory:
    memory: Memory = current_app.extensions["catch_up"]
    return memory


def _by_id(fragments: list[Fragment]) -> dict[str, Any]:
    return {one.id: {"id": one.id, "html": one.html, "into": one.into, "version": one.version} for one in fragments}
