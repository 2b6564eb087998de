"""What happens to polls. Votes are no events: tallies are recounted from rows and sent by the ticker."""

from dataclasses import dataclass
from typing import ClassVar

from sigforum.kernel.events import Event, forum_room


@dataclass(frozen=True, kw_only=True)
class PollChanged(Event):
    """A poll was made, changed, deleted, or moved on: opened, closed, revealed, decided."""

    kind: ClassVar[str] = "poll_changed"
    forum_session_id: int
    poll_id: int
    verb: str

    @property
    def room(self) -> str:
        """Told to the forum session's pages."""
        return forum_room(self.forum_session_id)


@dataclass(frozen=True, kw_only=True)
class RecusalChanged(Event):
    """Somebody was recused from votes of a forum session, or votes again; `person_id` is that person, whose own pages
    say so. The room is told numbers only, by the tallies."""

    kind: ClassVar[str] = "recusal_changed"
    forum_session_id: int
    person_id: int

    @property
    def room(self) -> str:
        """Told to the forum session's pages."""
        return forum_room(self.forum_session_id)
