"""What happens to an agenda."""

from dataclasses import dataclass
from typing import ClassVar

from sigforum.kernel.events import Event, forum_room


@dataclass(frozen=True, kw_only=True)
class AgendaImported(Event):
    """An agenda was imported over the one that stood there."""

    kind: ClassVar[str] = "agenda_imported"


@dataclass(frozen=True, kw_only=True)
class ForumSessionMoved(Event):
    """A forum session was opened, went live, was closed or summarised."""

    kind: ClassVar[str] = "forum_session_moved"
    forum_session_id: int

    @property
    def room(self) -> str:
        """Told to the forum session's pages."""
        return forum_room(self.forum_session_id)
