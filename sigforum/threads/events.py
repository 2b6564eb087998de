"""What happens in threads."""

from dataclasses import dataclass
from typing import ClassVar

from sigforum.kernel.events import Event, forum_room


@dataclass(frozen=True, kw_only=True)
class ResponseEvent(Event):
    """Something happened to a response; `person_id` is its author, whose pages show more."""

    kind: ClassVar[str] = ""
    forum_session_id: int
    response_id: int
    person_id: int

    @property
    def room(self) -> str:
        """Told to the forum session's pages."""
        return forum_room(self.forum_session_id)


@dataclass(frozen=True, kw_only=True)
class ResponsePosted(ResponseEvent):
    """Somebody answered or replied."""

    kind: ClassVar[str] = "response_posted"


@dataclass(frozen=True, kw_only=True)
class ResponseChanged(ResponseEvent):
    """A response was edited, withdrawn, put back, hidden or shown again."""

    kind: ClassVar[str] = "response_changed"
