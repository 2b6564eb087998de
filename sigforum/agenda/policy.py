"""Who may change an agenda."""

from sigforum.kernel.errors import NotAllowed
from sigforum.people.domain import Viewer


def check_imports(viewer: Viewer) -> None:
    """Raises NotAllowed for everybody but organizers."""
    if not viewer.is_organizer:
        raise NotAllowed("Only organizers can change the agenda.")


def check_moves(viewer: Viewer, forum_session_id: int) -> None:
    """Raises NotAllowed for everybody but those who chair the forum session."""
    if not viewer.facilitates(forum_session_id):
        raise NotAllowed("Only a facilitator of this session can open and close it.")
