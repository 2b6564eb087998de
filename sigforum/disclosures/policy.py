"""Who may declare, read what was declared, and choose the rules of a room."""

from collections.abc import Iterable, Sequence, Set

from sigforum.agenda.domain import ForumSessionState
from sigforum.disclosure_control.stepping import Steps, moved_on
from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE
from sigforum.kernel.errors import Conflict, NotAllowed
from sigforum.people.domain import Viewer


def check_reads_interests(viewer: Viewer, forum_session_id: int) -> None:
    """Raises NotAllowed for everybody but those who chair this forum session."""
    if not viewer.facilitates(forum_session_id):
        raise NotAllowed("Only those who chair this session read what was declared. Everybody else is told how many.")


def told_upto(declarations: Iterable[tuple[int, int]], *, asked: Set[int]) -> int:
    """The newest of these declarations, each an id and a person, that is told by name where names move in steps: each
    step holds what three people or more of those who are asked have declared, and the newest step waits for the next.
    Once everybody who is asked has answered, all that was declared until then is told together."""
    steps, since, hidden, answered = Steps(), set[int](), set[int](), set[int]()
    for identifier, person_id in declarations:
        own = asked & {person_id}
        is_first_whole = not asked <= answered and asked <= answered | own
        answered, since, hidden = answered | own, since | own, hidden | own
        if is_first_whole and len(hidden) >= FEWEST_PEOPLE:
            steps, since, hidden = Steps(shown=identifier, held=identifier), set(), set()
            continue
        moved = moved_on(steps, people_since=len(since), newest=identifier)
        if moved != steps:
            hidden, since = since, set()
        steps = moved
    return steps.shown


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
