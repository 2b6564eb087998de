"""Who may have which summary. The document is the same for all members, so reading it is open to all."""

from sigforum.kernel.errors import NotAllowed, NotFound
from sigforum.people.domain import Role, Viewer


def may_export_meeting(viewer: Viewer) -> bool:
    """A file of the whole meeting costs the worker most; those who run the meeting ask for it."""
    return viewer.role in (Role.ORGANIZER, Role.FACILITATOR)


def check_exports(viewer: Viewer, *, is_whole_meeting: bool) -> None:
    """Raises NotAllowed where a member may not ask for this file."""
    if is_whole_meeting and not may_export_meeting(viewer):
        raise NotAllowed("Organizers and facilitators make files of the whole meeting. "
                         "Choose one session; every member can have those.")


def check_downloads(viewer: Viewer, *, requested_by_id: int) -> None:
    """Raises NotFound for a file that somebody else asked for; organizers may have all."""
    if not viewer.is_organizer and viewer.person_id != requested_by_id:
        raise NotFound("There is no such file in this meeting.")
