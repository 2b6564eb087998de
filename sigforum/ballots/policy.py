"""Who may do what with a poll, and who sees what of it: the one place that decides."""

from dataclasses import dataclass
from datetime import datetime

from sigforum.agenda.domain import ForumSessionState
from sigforum.ballots.domain import PollState, Secrecy, Terms, Visibility
from sigforum.disclosure_control.results import is_result_told
from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE
from sigforum.kernel.errors import Conflict, NotAllowed, Outdated
from sigforum.people.domain import Audience, Viewer


def check_seen(terms: Terms, mark: str) -> None:
    """Raises Outdated where the terms are not those that a page showed. A client that names no mark has not looked."""
    if mark not in ("", terms.mark):
        raise Outdated("Somebody changed this poll after this page was loaded. Nothing was done; look at it again.",
                       renewed={"terms": terms.mark})


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What an audience may see of one round of a poll."""

    # That there is such a poll, and what it asks.
    poll: bool = False
    # How many of how many have voted.
    turnout: bool = False
    # The names of those who are entitled and have not voted.
    missing: bool = False
    result: bool = False
    # Who voted how.
    names: bool = False
    # The published tally sheet: every ballot under its code.
    sheet: bool = False


def sight(audience: Audience, *, state: str, secrecy: str, visibility: str) -> Sight:
    """What an audience sees of a round in this state, asked under this secrecy and visibility.

    Results are seen live where the poll says so, and otherwise by nobody before the close. A closed round is seen
    by the chair, who decides when to reveal it; from then on by everyone.
    """
    is_chair = audience is Audience.CHAIR
    if state == PollState.DRAFT:
        return Sight(poll=is_chair)
    is_told = state in (PollState.REVEALED, PollState.DECIDED)
    # A secret vote watched live would give away whoever just voted.
    is_live = visibility == Visibility.LIVE and secrecy != Secrecy.SECRET
    has_result = is_told or is_live or (is_chair and state == PollState.CLOSED)
    return Sight(
        # Beside totals that move, the name that goes from such a list would be whose vote moved them.
        poll=True, turnout=True, missing=is_chair and state == PollState.OPEN and (
            not is_live or secrecy == Secrecy.OPEN), result=has_result,
        names=has_result and secrecy == Secrecy.OPEN and audience is not Audience.PROJECTOR,
        sheet=is_told)


def is_withheld(*, secrecy: str, answered: int, least_told: int = 0) -> bool:
    """Whether the result of a closed round is shown to nobody, because so few ballots would tell how people voted."""
    return not is_result_told(
        is_hidden_vote=secrecy != Secrecy.OPEN, answered=answered, least_told=least_told,
        is_secret=secrecy == Secrecy.SECRET)


def may_name_missing(*, secrecy: str, voted: int, names_people: bool) -> bool:
    """Whether the chair is told by name who has not voted.

    Never where the session names nobody: whoever goes from the list is here at that moment, and unnamed words that
    come beside it would be theirs. Nor while one or two have voted: closed at that moment, the result would be what
    the few who are not on the list voted.
    """
    return names_people and (secrecy == Secrecy.OPEN or voted == 0 or voted >= FEWEST_PEOPLE)


def leaves_too_few(*, secrecy: str, voted: int) -> bool:
    """Whether a chair can recuse nobody at this moment: with so many confidential ballots and one less, the result
    would be what a few people voted whom the chair has picked. Where fewer have voted, no ballot hid among others."""
    return secrecy == Secrecy.CONFIDENTIAL and voted == FEWEST_PEOPLE


def check_runs_polls(viewer: Viewer, forum_session_id: int) -> None:
    """Raises NotAllowed for everybody but those who chair this forum session."""
    if not viewer.facilitates(forum_session_id):
        raise NotAllowed("Only a facilitator of this session can make and run its polls.")


def check_votes(viewer: Viewer, forum_session_id: int) -> None:
    """Raises NotAllowed for everybody who is not entitled to vote here."""
    if not viewer.votes_in(forum_session_id):
        raise NotAllowed("Participants of this session vote here; facilitators and observers do not.")


def check_recuses(viewer: Viewer, forum_session_id: int, *, person_id: int) -> None:
    """Raises NotAllowed for everybody but the person who votes here, and those who chair this forum session."""
    is_own = person_id == viewer.person_id and viewer.votes_in(forum_session_id)
    if not is_own and not viewer.facilitates(forum_session_id):
        raise NotAllowed("You can recuse yourself where you vote; others are recused by those who chair the session.")


def check_takes_back(viewer: Viewer, forum_session_id: int, *, person_id: int, made_by_id: int | None) -> None:
    """Raises NotAllowed for everybody but those who chair this forum session, and whoever recused themselves."""
    is_own = viewer.person_id == person_id == made_by_id
    if not is_own and not viewer.facilitates(forum_session_id):
        raise NotAllowed("Those who chair this session recused you, and they can take it back.")


def may_open(state: str) -> bool:
    """Whether a round may be opened in a forum session of this state. One that is summarised is published, and whoever
    corrects that may ask again."""
    return state != ForumSessionState.CLOSED


def check_may_open(state: str) -> None:
    """Raises Conflict where the forum session is closed."""
    if not may_open(state):
        raise Conflict("This session is closed, so nothing more is voted in it. Reopen the session first.")


class Recused(Conflict):
    """A vote of somebody who is recused: refused for good, and not counted as late."""

    def __init__(self) -> None:
        super().__init__("You are recused from this poll because of an interest. Your vote was not counted.")


class TooLate(Conflict):
    """A vote after the end of its round: refused, and its voter counted as late unless an earlier vote counts."""

    def __init__(self, ended: str, rest: str = "Your vote came too late and was not counted.") -> None:
        super().__init__(f"{ended} {rest}")
        self.ended = ended

    def of_a_change(self) -> "TooLate":
        """The same to somebody whose earlier vote is in the round."""
        return TooLate(self.ended, "Your change came too late; the vote that you sent before it counts.")


def check_open(state: str, *, is_current_round: bool, last_moment: datetime | None, at: datetime) -> None:
    """Raises Conflict for a vote before the opening, and TooLate for one after the close or the timer's grace."""
    if state == PollState.DRAFT:
        raise Conflict("This poll is not open yet. Your vote was not counted.")
    if state != PollState.OPEN or not is_current_round:
        raise TooLate("This round is closed.")
    if last_moment is not None and at > last_moment:
        raise TooLate("The time is up.")


def check_secrecy(*, secrecy: str, visibility: str, attribution: str) -> None:
    """Raises Conflict where a poll would show more than its forum session's rule of attribution allows."""
    if secrecy == Secrecy.OPEN and attribution != "named":
        raise Conflict("In this session nobody is named, so its polls cannot show who voted how. "
                       "Make the ballot confidential or secret.")
    if secrecy == Secrecy.SECRET and visibility == Visibility.LIVE:
        raise Conflict("A secret ballot cannot be watched live: the totals would tell who just voted. "
                       "Show its result after you reveal it.")


def who_sees_what(*, secrecy: str, visibility: str, attribution: str = "named") -> str:
    """The line at the ballot that says exactly who can see what; `attribution` is the rule of its forum session."""
    is_live = visibility == Visibility.LIVE and secrecy != Secrecy.SECRET
    steps = "" if secrecy == Secrecy.OPEN else ", by three people or more at a time"
    result = (f"Everyone in this session sees the totals move while people vote{steps}." if is_live else
              "Until the facilitator reveals the result, everyone sees only how many have voted; "
              + ("facilitators also see who has not, except while one or two have." if attribution == "named" else
                 "nobody is told who has not."))
    return f"{result} {_SECRECY[Secrecy(secrecy)]}"


_SECRECY = {
    Secrecy.OPEN: "This ballot is open: with the result, everyone in this session sees your name and your answer. "
                  "You can change it until the round closes.",
    Secrecy.CONFIDENTIAL: "Nobody is shown who voted how. Your ballot is kept with your name until the round "
                          "closes, so that you can change it; a revealed round lists all ballots under codes, and "
                          "only you know yours.",
    Secrecy.SECRET: "This ballot is secret: it is stored without your name or the time, so it cannot be changed "
                    "once cast. Only that you voted is kept. A revealed round lists all ballots under codes, and "
                    "only you know yours.",
}
