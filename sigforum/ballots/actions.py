"""What can be done with polls: making, changing and deleting drafts, and running rounds."""

import hashlib
import json

from sqlalchemy import select

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession, Meeting
from sigforum.audit.actions import record
from sigforum.ballots import queries
from sigforum.ballots.comparing import TITLE, Comparison, comparison_in
from sigforum.ballots.domain import PollState, Visibility, next_state
from sigforum.ballots.events import PollChanged
from sigforum.ballots.forms import NewPoll
from sigforum.ballots.models import Option, Poll, Round
from sigforum.ballots.policy import check_runs_polls
from sigforum.ballots.registry import kind_named
from sigforum.ballots.writer import Cast, Receipt, write_vote
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict
from sigforum.kernel.places import fills
from sigforum.people.domain import Viewer
from sigforum.transaction import Transaction, transaction


@fills("agenda_imported")
def prepare_priorities(*, meeting: Meeting) -> None:
    """Give every forum session its standing poll of priorities, open from the start. Part of an import."""
    with transaction() as tx:
        for forum_session in agenda.forum_sessions(meeting.id):
            exists = db.session.scalar(select(Poll.id).where(
                Poll.forum_session_id == forum_session.id, Poll.is_standing.is_(True)))
            if exists is None:
                _prepare_priorities(tx, forum_session)


def _prepare_priorities(tx: Transaction, forum_session: ForumSession) -> None:
    poll = Poll(
        forum_session_id=forum_session.id, forum_session=forum_session, kind="points", title="Priorities",
        is_standing=True, settings=kind_named("points").parse_settings({}), visibility=Visibility.LIVE,
        rounds=[])
    db.session.add(poll)
    db.session.flush()
    _open(poll)
    _publish(tx, poll, "open")


@fills("agenda_imported")
def prepare_comparisons(*, meeting: Meeting) -> None:
    """Draft a comparison where a forum session's question names its criteria. Part of an import.

    A session that has a comparison keeps it as it is, so that importing again changes nothing.
    """
    with transaction() as tx:
        for forum_session in agenda.forum_sessions(meeting.id):
            found = comparison_in(forum_session.modalities, [
                question.text for question in forum_session.asked if not question.is_central])
            if found is None or db.session.scalar(select(Poll.id).where(
                    Poll.forum_session_id == forum_session.id, Poll.kind == "matrix").limit(1)):
                continue
            _prepare_comparison(tx, forum_session, found)


def _prepare_comparison(tx: Transaction, forum_session: ForumSession, found: Comparison) -> None:
    poll = Poll(
        forum_session_id=forum_session.id, forum_session=forum_session, kind="matrix", title=TITLE,
        settings=kind_named("matrix").parse_settings({"criteria": "\n".join(found.criteria)}),
        options=[Option(position=position, text=text) for position, text in enumerate(found.options)],
        visibility=Visibility.AFTER_REVEAL, state=PollState.DRAFT, rounds=[])
    db.session.add(poll)
    db.session.flush()
    _publish(tx, poll, "created")


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
        _note(tx, viewer, poll, "created")
    return poll


def change_poll(viewer: Viewer, poll_id: int, new: NewPoll) -> Poll:
    """Change a draft. Once opened, a poll is never edited."""
    with transaction() as tx:
        poll = _draft(viewer, poll_id)
        poll.options.clear()
        db.session.flush()
        _fill(poll, new)
        _note(tx, viewer, poll, "changed")
    return poll


def delete_poll(viewer: Viewer, poll_id: int) -> ForumSession:
    """Delete a draft; nobody can have voted in it."""
    with transaction() as tx:
        poll = _draft(viewer, poll_id)
        forum_session = poll.forum_session
        _note(tx, viewer, poll, "deleted")
        db.session.delete(poll)
    return forum_session


def move_poll(viewer: Viewer, poll_id: int, *, verb: str) -> Poll:
    """Open a round, close it, reveal its result, or decide. Repeating a move that is done changes nothing.

    Raises Conflict for a move that the life cycle does not have.
    """
    with transaction() as tx:
        poll = queries.poll(viewer.meeting_id, poll_id)
        check_runs_polls(viewer, poll.forum_session_id)
        # Another process may be moving it too: the second one waits, and then finds it moved.
        db.session.refresh(poll, with_for_update=True)
        if poll.is_standing and verb == "decide":
            raise Conflict("Priorities are closed and revealed; there is nothing to decide.")
        wanted = {"open": PollState.OPEN, "close": PollState.CLOSED, "reveal": PollState.REVEALED,
                  "decide": PollState.DECIDED}[verb]
        if poll.state == wanted:
            return poll
        next_state(PollState(poll.state), verb)
        {"open": _open, "close": _close, "reveal": _reveal, "decide": _decide}[verb](poll)
        _note(tx, viewer, poll, verb)
    return poll


def cast_vote(viewer: Viewer, cast: Cast) -> Receipt:
    """Store a vote; returns when it is on disk. All checks are made in the vote's own transaction."""
    return write_vote(cast)


def frozen_hash(poll: Poll) -> str:
    """The SHA-256 of everything that may not change once people vote: what is asked, and how it is judged."""
    content = {
        "kind": poll.kind, "title": poll.title, "settings": poll.settings, "rule": poll.rule,
        "secrecy": poll.secrecy, "visibility": poll.visibility,
        "statements": [option.text for option in poll.options]}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _open(poll: Poll) -> None:
    if kind_named(poll.kind).takes_rule and not poll.rule:
        raise Conflict("Declare the rule before opening: nobody may vote without knowing how it is judged.")
    poll.frozen_hash = poll.frozen_hash or frozen_hash(poll)
    # A new round's versions go on where the last one's ended, so that its tallies are not taken for older ones.
    before = poll.rounds[-1] if poll.rounds else None
    poll.rounds.append(Round(number=len(poll.rounds) + 1, version=before.version + 1 if before else 0))
    poll.state = PollState.OPEN


def _close(poll: Poll) -> None:
    asked = db.session.scalar(
        select(Round).where(Round.poll_id == poll.id).order_by(Round.number.desc()).limit(1)
        .with_for_update())
    assert asked is not None
    counted = queries.headcount(poll, asked)
    asked.invited, asked.entitled, asked.closed_at = counted.invited, counted.entitled, now()
    poll.state = PollState.CLOSED


def _reveal(poll: Poll) -> None:
    poll.rounds[-1].revealed_at = now()
    poll.state = PollState.REVEALED


def _decide(poll: Poll) -> None:
    poll.state = PollState.DECIDED


def _fill(poll: Poll, new: NewPoll) -> None:
    poll.kind, poll.title = new.kind, new.title
    poll.settings = dict(new.settings)
    poll.rule = dict(new.rule) if new.rule else None
    poll.visibility = new.visibility
    poll.options = [Option(position=position, text=text) for position, text in enumerate(new.statements)]


def _draft(viewer: Viewer, poll_id: int) -> Poll:
    poll = queries.poll(viewer.meeting_id, poll_id)
    check_runs_polls(viewer, poll.forum_session_id)
    db.session.refresh(poll, with_for_update=True)
    if poll.state != PollState.DRAFT:
        raise Conflict("This poll has been opened; what it asks and how it is judged is fixed.")
    return poll


def _note(tx: Transaction, viewer: Viewer, poll: Poll, verb: str) -> None:
    db.session.flush()
    record(f"poll_{verb}", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
           subject=f"poll {poll.id}", frozen_hash=poll.frozen_hash)
    _publish(tx, poll, verb)


def _publish(tx: Transaction, poll: Poll, verb: str) -> None:
    tx.publish(PollChanged(
        meeting_id=poll.forum_session.meeting_id, forum_session_id=poll.forum_session_id, poll_id=poll.id,
        verb=verb))
