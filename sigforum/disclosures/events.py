"""What happens before people take part. Who declared what is no event: nobody but the chair is told, on a page."""

from dataclasses import dataclass
from typing import ClassVar

from sigforum.kernel.events import Event, forum_room, person_room


@dataclass(frozen=True, kw_only=True)
class InterestsDeclared(Event):
    """Somebody declared interests; told to that person's own pages alone."""

    kind: ClassVar[str] = "interests_declared"
    person_id: int

    @property
    def room(self) -> str:
        """Told to the person."""
        return person_room(self.meeting_id, self.person_id)


@dataclass(frozen=True, kw_only=True)
class RulesAcknowledged(Event):
    """Somebody acknowledged the rules of a forum session, and may take part in it."""

    kind: ClassVar[str] = "rules_acknowledged"
    forum_session_id: int
    person_id: int

    @property
    def room(self) -> str:
        """Told to the person."""
        return person_room(self.meeting_id, self.person_id)


@dataclass(frozen=True, kw_only=True)
class EntryChanged(Event):
    """The meeting's rules of entry, or its notice, were changed."""

    kind: ClassVar[str] = "entry_changed"


@dataclass(frozen=True, kw_only=True)
class AttributionChosen(Event):
    """It was chosen how what is said in a forum session may be attributed."""

    kind: ClassVar[str] = "attribution_chosen"
    forum_session_id: int

    @property
    def room(self) -> str:
        """Told to the forum session's pages."""
        return forum_room(self.forum_session_id)
