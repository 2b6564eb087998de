"""Who may run a forum session's room: its facilitators and the organizers, whoever of them leads."""

from sigforum.kernel.errors import NotAllowed
from sigforum.people.domain import Viewer


def may_run_room(viewer: Viewer, forum_session_id: int) -> bool:
    """Whether the viewer has the console and the projector of this forum session."""
    return viewer.facilitates(forum_session_id)


def check_runs_room(viewer: Viewer, forum_session_id: int) -> None:
    """Raises NotAllowed for everybody but those who chair this forum session."""
    if not may_run_room(viewer, forum_session_id):
        raise NotAllowed("Only a facilitator of this session can open its console and its projector.")
