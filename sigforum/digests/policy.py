"""Who may set what about a meeting's mails; how often one gets them is everybody's own."""

from sigforum.kernel.errors import NotAllowed
from sigforum.people.domain import Viewer


def check_sets_hour(viewer: Viewer) -> None:
    """Raises NotAllowed for everybody but organizers."""
    if not viewer.is_organizer:
        raise NotAllowed("Only organizers choose when this meeting's daily mails go out.")
