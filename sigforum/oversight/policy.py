"""Who may read the log, erase a member's data and set how long they are kept."""

from sigforum.kernel.errors import NotAllowed
from sigforum.people.domain import Viewer


def check_oversees(viewer: Viewer) -> None:
    """Raises NotAllowed for everybody but organizers."""
    if not viewer.is_organizer:
        raise NotAllowed("Only organizers of this meeting oversee what is kept of its people.")
