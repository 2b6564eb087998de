"""What an import of an agenda prepares: the priorities of every forum session, and drafts its questions ask for."""

from sqlalchemy import select

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession, Meeting
from sigforum.audit.models import AuditEntry
from sigforum.ballots.comparing import TITLE, Comparison, comparison_in
from sigforum.ballots.domain import PollState, Visibility
from sigforum.ballots.models import Option, Poll
from sigforum.ballots.registry import kind_named
from sigforum.ballots.rounds import open_round, publish
from sigforum.extensions import db
from sigforum.transaction import Transaction, transaction


def prepare_priorities(meeting: Meeting) -> None:
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
    open_round(poll)
    publish(tx, poll, "open")


def prepare_comparisons(meeting: Meeting) -> None:
    """Draft a comparison where a forum session's question names its criteria. Part of an import.

    A session that has a comparison keeps it as it is, and one whose comparison was deleted is left without, so that
    importing again changes nothing.
    """
    with transaction() as tx:
        for forum_session in agenda.forum_sessions(meeting.id):
            found = comparison_in(forum_session.modalities, [
                question.text for question in forum_session.asked if not question.is_central])
            if found is None or _had_comparison(forum_session):
                continue
            _prepare_comparison(tx, forum_session, found)


def _had_comparison(forum_session: ForumSession) -> bool:
    exists = select(Poll.id).where(Poll.forum_session_id == forum_session.id, Poll.kind == "matrix")
    deleted = select(AuditEntry.id).where(
        AuditEntry.meeting_id == forum_session.meeting_id, AuditEntry.verb == "poll_deleted",
        AuditEntry.detail["kind"].as_string() == "matrix",
        AuditEntry.detail["forum_session"].as_integer() == forum_session.id)
    return any(db.session.scalar(found.limit(1)) is not None for found in (exists, deleted))


def _prepare_comparison(tx: Transaction, forum_session: ForumSession, found: Comparison) -> None:
    poll = Poll(
        forum_session_id=forum_session.id, forum_session=forum_session, kind="matrix", title=TITLE,
        settings=kind_named("matrix").parse_settings({"criteria": "\n".join(found.criteria)}),
        options=[Option(position=position, text=text) for position, text in enumerate(found.options)],
        visibility=Visibility.AFTER_REVEAL, state=PollState.DRAFT, rounds=[])
    db.session.add(poll)
    db.session.flush()
    publish(tx, poll, "created")
