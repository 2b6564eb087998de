"""What happens to summaries."""

from dataclasses import dataclass
from typing import ClassVar

from sigforum.kernel.events import Event, forum_room


@dataclass(frozen=True, kw_only=True)
class SummaryChanged(Event):
    """A summary was drafted, written in, reviewed, signed or moved on."""

    kind: ClassVar[str] = "summary_changed"
    forum_session_id: int

    @property
    def room(self) -> str:
        """Told to the forum session's pages."""
        return forum_room(self.forum_session_id)
