"""What can be done with polls: making, changing and deleting drafts, running rounds, and voting."""

from datetime import datetime, timedelta

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.ballots import queries, round_queries
from sigforum.ballots.box import Cast, Receipt, Sender
from sigforum.ballots.domain import PollState, next_state
from sigforum.ballots.forms import NewPoll
from sigforum.ballots.models import Option, Poll, Round
from sigforum.ballots.policy import check_may_open, check_runs_polls, check_secrecy, check_seen
from sigforum.ballots.rounds import MOVES_OF, close_round, differences, note, undo_opening
from sigforum.ballots.writer import write_vote
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict
from sigforum.people.domain import Viewer
from sigforum.transaction import transaction

# A room is reminded at most so often.
NUDGE_PAUSE = timedelta(seconds=30)


def create_poll(viewer: Viewer, forum_session_id: int, new: NewPoll) -> Poll:
    """Store a poll as a draft that only the chair sees."""
    check_runs_polls(viewer, forum_session_id)
    with transaction() as tx:
        forum_session = agenda.forum_session_by_id(viewer.meeting_id, forum_session_id)
        poll = Poll(forum_session_id=forum_session.id, forum_session=forum_session,
                    created_by_id=viewer.person_id, state=PollState.DRAFT, rounds=[], kind=new.kind,
                    title=new.title)
        db.session.add(poll)
        _fill(poll, new)
        note(tx, viewer, poll, "created")
    return poll


def change_poll(viewer: Viewer, poll_id: int, new: NewPoll, *, seen: str = "") -> Poll:
    """Change a draft. Once opened, a poll is never edited. Raises Outdated where it is not any more as it was
    `seen`, which is the mark of its terms."""
    with transaction() as tx:
        poll = _draft(viewer, poll_id)
        check_seen(poll.terms, seen)
        before = poll.terms.to_json()
        poll.options.clear()
        db.session.flush()
        _fill(poll, new)
        db.session.flush()
        note(tx, viewer, poll, "changed", **differences(before, poll.terms.to_json()))
    return poll


def delete_poll(viewer: Viewer, poll_id: int) -> ForumSession:
    """Delete a draft; nobody can have voted in it."""
    with transaction() as tx:
        poll = _draft(viewer, poll_id)
        forum_session = poll.forum_session
        note(tx, viewer, poll, "deleted", kind=poll.kind, forum_session=poll.forum_session_id,
             before=poll.terms.to_json(), after=None)
        db.session.delete(poll)
    return forum_session


def move_poll(viewer: Viewer, poll_id: int, *, verb: str, seconds: int = 0, seen: str = "") -> Poll:
    """Open a round, close it, reveal its result, or decide. Repeating a move that is done changes nothing.

    `seconds` starts a timer with the opening; 0 for none. `seen` is the mark of the terms that were read before an
    opening. Raises Conflict for a move that the life cycle does not have, and Outdated where the terms are others.
    """
    with transaction() as tx:
        poll = _locked(viewer, poll_id)
        if poll.is_standing and verb == "decide":
            raise Conflict("Priorities are closed and revealed; there is nothing to decide.")
        wanted = {"open": PollState.OPEN, "close": PollState.CLOSED, "reveal": PollState.REVEALED,
                  "decide": PollState.DECIDED}[verb]
        if poll.state == wanted:
            return poll
        if verb == "open":
            check_seen(poll.terms, seen)
            # Read behind the lock: the session may be closing at this moment, and closes what it finds open.
            db.session.refresh(poll.forum_session)
            check_may_open(poll.forum_session.state)
        before = poll.state
        next_state(PollState(before), verb)
        MOVES_OF[verb](poll)
        if verb == "open" and seconds:
            poll.rounds[-1].ends_at = now() + timedelta(seconds=seconds)
        note(tx, viewer, poll, verb, round=poll.rounds[-1].number, seconds=seconds, before=before, after=poll.state)
    return poll


def undo_open(viewer: Viewer, poll_id: int) -> Poll:
    """Take an opening back, while nobody has voted. Raises Conflict once somebody has."""
    with transaction() as tx:
        poll = _locked(viewer, poll_id)
        number = _open_round(poll).number
        undo_opening(poll)
        note(tx, viewer, poll, "undone", round=number, before=PollState.OPEN, after=poll.state)
    return poll


def set_timer(viewer: Viewer, poll_id: int, *, seconds: int) -> Poll:
    """Let the open round end so many seconds from now; 0 takes the timer away."""
    with transaction() as tx:
        poll = _locked(viewer, poll_id)
        asked = _open_round(poll)
        before, asked.ends_at = asked.ends_at, now() + timedelta(seconds=seconds) if seconds else None
        note(tx, viewer, poll, "timed", seconds=seconds, before=_moment(before), after=_moment(asked.ends_at))
    return poll


def nudge_voters(viewer: Viewer, poll_id: int) -> Poll:
    """Ask those who have not voted yet, on their own pages. Repeating it within half a minute changes nothing."""
    with transaction() as tx:
        poll = _locked(viewer, poll_id)
        asked = _open_round(poll)
        if asked.nudged_at is not None and now() - asked.nudged_at < NUDGE_PAUSE:
            return poll
        asked.nudged_at = now()
        note(tx, viewer, poll, "nudged", round=asked.number)
    return poll


def close_due_rounds() -> int:
    """Close every round whose timer and grace have run out; how many there were."""
    due = round_queries.due_poll_ids(at=now())
    for poll_id in due:
        with transaction():
            db.session.get_one(Poll, poll_id, with_for_update=True, populate_existing=True)
            # It may have been closed, or given more time, while this waited for its turn.
            if poll_id in round_queries.due_poll_ids(at=now()):
                close_by_itself(poll_id, by="timer")
    return len(due)


def close_by_itself(poll_id: int, *, by: str) -> None:
    """Close an open round where nobody pressed a button; `by` is what did it, for the log. Safe to repeat."""
    with transaction() as tx:
        poll = db.session.get_one(Poll, poll_id, with_for_update=True, populate_existing=True)
        if poll.state == PollState.OPEN:
            close_round(poll)
            note(tx, None, poll, "close", round=poll.rounds[-1].number, by=by, before=PollState.OPEN, after=poll.state)


def cast_vote(by: Viewer | Sender, cast: Cast) -> Receipt:
    """Store a vote; returns when it is on disk. All checks are made in the vote's own transaction."""
    sender = by if isinstance(by, Sender) else Sender(person_id=by.person_id, meeting_id=by.meeting_id)
    return write_vote(sender, cast)


def _fill(poll: Poll, new: NewPoll) -> None:
    check_secrecy(secrecy=new.secrecy, visibility=new.visibility, attribution=poll.forum_session.attribution)
    poll.kind, poll.title = new.kind, new.title
    poll.settings = dict(new.settings)
    poll.rule = dict(new.rule) if new.rule else None
    poll.visibility, poll.secrecy = new.visibility, new.secrecy
    poll.options = [Option(position=position, text=text) for position, text in enumerate(new.statements)]


def _locked(viewer: Viewer, poll_id: int) -> Poll:
    poll = queries.poll(viewer.meeting_id, poll_id)
    check_runs_polls(viewer, poll.forum_session_id)
    # Another process may be moving it too: the second one waits, and then finds it moved.
    db.session.refresh(poll, with_for_update=True)
    return poll


def _open_round(poll: Poll) -> Round:
    if poll.state != PollState.OPEN:
        raise Conflict("This poll is not open now.")
    return poll.rounds[-1]


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _draft(viewer: Viewer, poll_id: int) -> Poll:
    poll = _locked(viewer, poll_id)
    if poll.state != PollState.DRAFT:
        raise Conflict("This poll has been opened; what it asks and how it is judged is fixed.")
    return poll
