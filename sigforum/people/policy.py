"""Who may do what to people: one table, used by pages and sockets."""

from sigforum.kernel.errors import NotAllowed
from sigforum.people.domain import Viewer


def may_manage_people(viewer: Viewer) -> bool:
    """Inviting, resending and revoking is the organizers' work."""
    return viewer.is_organizer


def check_manages_people(viewer: Viewer) -> None:
    """Raises NotAllowed for everybody but organizers."""
    if not may_manage_people(viewer):
        raise NotAllowed("Only organizers can invite people and change their place in the meeting.")
