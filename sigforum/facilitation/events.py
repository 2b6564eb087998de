"""What happens in the room."""

from dataclasses import dataclass
from typing import ClassVar

from sigforum.kernel.events import Event, forum_room


@dataclass(frozen=True, kw_only=True)
class StageChanged(Event):
    """Something else was put on the projector, or somebody else leads."""

    kind: ClassVar[str] = "stage_changed"
    forum_session_id: int

    @property
    def room(self) -> str:
        """Told to the forum session's pages; only consoles and projectors show it."""
        return forum_room(self.forum_session_id)
