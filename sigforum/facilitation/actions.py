"""What can be done in the room: moving a poll from a page that may be out of date, the projector, and the lead."""

from collections.abc import Callable, Mapping
from typing import Any

from sigforum.agenda import queries as agenda
from sigforum.audit.actions import record
from sigforum.ballots import actions as ballots
from sigforum.ballots import queries as ballot_queries
from sigforum.ballots.domain import PollState
from sigforum.ballots.models import Poll
from sigforum.ballots.policy import check_runs_polls, check_seen
from sigforum.extensions import db
from sigforum.facilitation import queries
from sigforum.facilitation.domain import LONGEST_TIMER, MINUTE, is_undone, read_mark, seen_mark
from sigforum.facilitation.events import StageChanged
from sigforum.facilitation.models import Stage
from sigforum.facilitation.policy import check_runs_room
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.people import queries as people
from sigforum.people.domain import MembershipStatus, Viewer
from sigforum.transaction import Transaction, transaction

Move = Callable[[Viewer, Poll, int], object]
# Where each move leads, so that one who repeats it finds it done.
_LEADS_TO = {"open": PollState.OPEN, "close": PollState.CLOSED, "reveal": PollState.REVEALED,
             "decide": PollState.DECIDED}


def _more_time(viewer: Viewer, poll: Poll, seconds: int) -> object:
    """Add to what is left; a timer that has just run out starts from nothing."""
    ends_at = poll.round.ends_at if poll.round is not None else None
    left = max(0, round((ends_at - now()).total_seconds())) if ends_at is not None else 0
    return ballots.set_timer(viewer, poll.id, seconds=min(left + (seconds or MINUTE), LONGEST_TIMER))


MOVES: Mapping[str, Move] = {
    "open": lambda viewer, poll, seconds: ballots.move_poll(viewer, poll.id, verb="open", seconds=seconds),
    "close": lambda viewer, poll, seconds: ballots.move_poll(viewer, poll.id, verb="close"),
    "reveal": lambda viewer, poll, seconds: ballots.move_poll(viewer, poll.id, verb="reveal"),
    "decide": lambda viewer, poll, seconds: ballots.move_poll(viewer, poll.id, verb="decide"),
    "undo": lambda viewer, poll, seconds: ballots.undo_open(viewer, poll.id),
    "nudge": lambda viewer, poll, seconds: ballots.nudge_voters(viewer, poll.id),
    "timer": lambda viewer, poll, seconds: ballots.set_timer(viewer, poll.id, seconds=seconds),
    "more": _more_time,
}


def run_poll(viewer: Viewer, poll_id: int, *, verb: str, seen: str = "", seconds: int = 0) -> Poll:
    """Do one of MOVES, if the poll is still as the page showed it (`seen`, see `seen_mark`).

    Doing again what is done changes nothing. Raises Conflict where somebody else has moved the poll meanwhile.
    """
    with transaction():
        poll = ballot_queries.poll(viewer.meeting_id, poll_id)
        check_runs_polls(viewer, poll.forum_session_id)
        # Two facilitators at once: the second one waits here and is judged by what the first one did.
        db.session.refresh(poll, with_for_update=True)
        seen_at, terms = read_mark(seen)
        now_at = seen_mark(state=poll.state, rounds=len(poll.rounds))
        if seen and seen_at != now_at and poll.state != _LEADS_TO.get(verb):
            if verb == "undo" and is_undone(seen=seen_at, rounds=len(poll.rounds)):
                return poll
            raise Conflict(f"Somebody else was faster: this poll is {poll.state} now, "
                           f"after {len(poll.rounds) or 'no'} round{'' if len(poll.rounds) == 1 else 's'}. "
                           "Nothing was changed.")
        if verb == "open" and poll.state != PollState.OPEN:
            check_seen(poll.terms, terms)
        MOVES[verb](viewer, poll, seconds)
    return poll


def show_on_stage(viewer: Viewer, forum_session_id: int, *, poll_id: int | None) -> Stage:
    """Put a poll on the projector, or with None the discussion. Raises Conflict for a draft."""
    check_runs_room(viewer, forum_session_id)
    with transaction() as tx:
        stage = _locked(viewer, forum_session_id)
        if poll_id is not None:
            poll = ballot_queries.poll(viewer.meeting_id, poll_id)
            if poll.forum_session_id != forum_session_id or poll.state == PollState.DRAFT:
                raise Conflict("Open the poll first; a draft is not shown to the room.")
        if stage.poll_id != poll_id:
            before, stage.poll_id = stage.poll_id, poll_id
            verb = "stage_cleared" if poll_id is None else "stage_shown"
            _note(tx, viewer, stage, verb, poll=poll_id, before={"poll": before}, after={"poll": poll_id})
    return stage


def take_lead(viewer: Viewer, forum_session_id: int) -> Stage:
    """Become the facilitator whose keys act."""
    check_runs_room(viewer, forum_session_id)
    with transaction() as tx:
        stage = _locked(viewer, forum_session_id)
        if stage.lead_id != viewer.person_id:
            before, stage.lead_id = stage.lead_id, viewer.person_id
            _note(tx, viewer, stage, "lead_taken", before={"lead": before}, after={"lead": stage.lead_id})
    return stage


def hand_over(viewer: Viewer, forum_session_id: int, *, person_id: int) -> Stage:
    """Make somebody else the one whose keys act. Raises Invalid for who cannot run this room."""
    check_runs_room(viewer, forum_session_id)
    with transaction() as tx:
        stage = _locked(viewer, forum_session_id)
        member = people.membership(person_id, meeting_id=viewer.meeting_id)
        if member.status != MembershipStatus.ACCEPTED or not member.viewer().facilitates(forum_session_id):
            raise Invalid({"person": "Only facilitators of this session, and organizers, can lead it."})
        if stage.lead_id != person_id:
            before, stage.lead_id = stage.lead_id, person_id
            _note(tx, viewer, stage, "lead_handed_over", before={"lead": before}, after={"lead": person_id})
    return stage


def follow_poll(poll: Poll, verb: str) -> None:
    """Opening or revealing a poll puts it on the projector by itself; taking an opening back takes it off. Part of
    the move, which the log tells of and the move's own event shows."""
    stage = db.session.get(Stage, poll.forum_session_id)
    if stage is None:
        return
    # The priorities are open beside everything; only their result is something to look at together.
    if verb == "reveal" or (verb == "open" and not poll.is_standing):
        stage.poll_id, stage.changed_at = poll.id, now()
    elif stage.poll_id == poll.id and (verb == "deleted" or poll.state == PollState.DRAFT):
        stage.poll_id, stage.changed_at = None, now()


def _locked(viewer: Viewer, forum_session_id: int) -> Stage:
    # Found through the meeting, so that nobody reaches the stage of another one.
    agenda.forum_session_by_id(viewer.meeting_id, forum_session_id)
    stage = queries.stage(forum_session_id)
    db.session.refresh(stage, with_for_update=True)
    return stage


def _note(tx: Transaction, viewer: Viewer, stage: Stage, verb: str, **detail: Any) -> None:
    stage.changed_at = now()
    record(verb, meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
           subject=f"stage {stage.forum_session_id}", **detail)
    tx.publish(StageChanged(meeting_id=viewer.meeting_id, forum_session_id=stage.forum_session_id))
