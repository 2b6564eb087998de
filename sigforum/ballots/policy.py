"""Who may do what with a poll, and who sees what of it: the one place that decides."""

from sigforum.ballots.domain import PollState, Visibility
from sigforum.kernel.errors import Conflict, NotAllowed
from sigforum.people.domain import Audience, Viewer


def may_see_poll(audience: Audience, *, state: str) -> bool:
    """Drafts are the chair's alone."""
    return state != PollState.DRAFT or audience is Audience.CHAIR


def may_see_result(audience: Audience, *, state: str, visibility: str) -> bool:
    """Results are seen live where the poll says so, and otherwise by nobody before the close.

    A closed round is seen by the chair, who decides when to reveal it; from then on by everyone.
    """
    if state == PollState.DRAFT:
        return False
    if visibility == Visibility.LIVE or state in (PollState.REVEALED, PollState.DECIDED):
        return True
    return state == PollState.CLOSED and audience is Audience.CHAIR


def check_runs_polls(viewer: Viewer, forum_session_id: int) -> None:
    """Raises NotAllowed for everybody but those who chair this forum session."""
    if not viewer.facilitates(forum_session_id):
        raise NotAllowed("Only a facilitator of this session can make and run its polls.")


def check_votes(viewer: Viewer, forum_session_id: int) -> None:
    """Raises NotAllowed for everybody who is not entitled to vote here."""
    if not viewer.votes_in(forum_session_id):
        raise NotAllowed("Participants of this session vote here; facilitators and observers do not.")


def check_open(state: str, *, is_current_round: bool) -> None:
    """Raises Conflict for a vote that comes before the opening or after the close."""
    if state == PollState.DRAFT:
        raise Conflict("This poll is not open yet. Your vote was not counted.")
    if state != PollState.OPEN or not is_current_round:
        raise Conflict("This round is closed. Your vote came too late and was not counted.")


def who_sees_what(*, visibility: str) -> str:
    """The line at the ballot that says exactly who can see what."""
    result = ("Everyone in this session sees the totals move while you vote"
              if visibility == Visibility.LIVE else
              "Until the facilitator reveals the result, everyone sees only how many have voted")
    return (f"{result}. Nobody is shown who voted how. Your ballot is kept with your name until the round "
            "closes, so that you can change it.")
