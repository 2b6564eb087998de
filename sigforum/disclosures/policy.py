"""Who may declare, read what was declared, and choose the rules of a room."""

from collections.abc import Sequence

from sigforum.agenda.domain import ForumSessionState
from sigforum.kernel.errors import Conflict, NotAllowed
from sigforum.people.domain import Viewer


def check_reads_interests(viewer: Viewer, forum_session_id: int) -> None:
    """Raises NotAllowed for everybody but those who chair this forum session."""
    if not viewer.facilitates(forum_session_id):
        raise NotAllowed("Only those who chair this session read what was declared. Everybody else is told how many.")


def check_enters(viewer: Viewer, forum_session_id: int) -> None:
    """Raises NotAllowed for those who only read here anyway."""
    if not viewer.speaks_in(forum_session_id):
        raise NotAllowed("You can read this session. Its rules are acknowledged by those who post and vote in it.")


def check_sets_entry(viewer: Viewer) -> None:
    """Raises NotAllowed for everybody but organizers."""
    if not viewer.is_organizer:
        raise NotAllowed("Only organizers set the meeting's rules of entry.")


def check_chooses_attribution(viewer: Viewer, forum_session_id: int) -> None:
    """Raises NotAllowed for everybody but those who chair this forum session."""
    if not viewer.facilitates(forum_session_id):
        raise NotAllowed("Only those who chair this session choose how its responses are attributed.")


def attribution_lock(state: str, relied_on: Sequence[str]) -> str:
    """Why the rule of attribution cannot change any more; empty while it can.

    Sessions of an imported agenda can be read and answered early, so the lock closes with the first thing that
    somebody did under the rule, and at the latest when the session goes live.
    """
    if state not in (ForumSessionState.PLANNED, ForumSessionState.OPEN):
        return "The session is live or over."
    return relied_on[0] if relied_on else ""


def check_unlocked(lock: str) -> None:
    """Raises Conflict where the rule of attribution is locked."""
    if lock:
        raise Conflict(f"The rule of attribution is locked and cannot change any more. {lock}")
