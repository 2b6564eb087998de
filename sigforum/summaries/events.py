"""What happens to summaries."""

from dataclasses import dataclass
from typing import ClassVar

from sigforum.kernel.events import Event, forum_room


@dataclass(frozen=True, kw_only=True)
class SummaryChanged(Event):
    """A summary was drafted, written in, reviewed, signed or moved on: by whom, and on which line (0: on none)."""

    kind: ClassVar[str] = "summary_changed"
    forum_session_id: int
    person_id: int | None
    line_id: int = 0

    @property
    def room(self) -> str:
        """Told to the forum session's pages."""
        return forum_room(self.forum_session_id)
