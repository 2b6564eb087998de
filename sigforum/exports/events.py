"""What happens to exports."""

from dataclasses import dataclass
from typing import ClassVar

from sigforum.kernel.events import Event, person_room


@dataclass(frozen=True, kw_only=True)
class ExportProgressed(Event):
    """A file somebody asked for was queued, moved up in the line, has come a step further, is done, failed, was
    cancelled, or is kept no longer."""

    kind: ClassVar[str] = "export_progressed"
    job_id: int
    person_id: int

    @property
    def room(self) -> str:
        """Only the pages of whoever asked for it are told."""
        return person_room(self.meeting_id, self.person_id)
