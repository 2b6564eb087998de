"""What happened: the shape that every event of every feature has."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened in a meeting. Subclasses add plain JSON values: ids, never rendered text.

    `kind` names the event on the wire. `room` says who may be told: the gateway re-reads the thing and
    renders it for each audience of that room, so an event carries nothing that could leak.
    """

    kind: ClassVar[str]
    meeting_id: int

    @property
    def room(self) -> str:
        """The room whose members hear of it; the whole meeting unless a subclass narrows it."""
        return meeting_room(self.meeting_id)

    def payload(self) -> Mapping[str, Any]:
        """The event's own fields, as they are stored."""
        return asdict(self)


def meeting_room(meeting_id: int) -> str:
    """Everyone with an open page of the meeting."""
    return f"meeting-{meeting_id}"


def forum_room(forum_session_id: int) -> str:
    """Everyone with an open page of one forum session."""
    return f"forum-{forum_session_id}"


def forum_of(room: str) -> int | None:
    """The forum session whose room this is, or None for another kind of room."""
    name, _, identifier = room.rpartition("-")
    return int(identifier) if name == "forum" else None


def person_room(meeting_id: int, person_id: int) -> str:
    """All open pages that one person has of a meeting; each meeting numbers its events itself."""
    return f"person-{meeting_id}-{person_id}"
