"""Reads of summaries, and of the newest event that a summary rests on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.extensions import db
from sigforum.kernel.errors import NotFound
from sigforum.kernel.events import forum_room, meeting_room
from sigforum.summaries.models import Line, LineReview, MinorityPosition, PublishedVersion, SessionSummary, SignOff
from sigforum.transaction import MeetingEvent


def newest_event(meeting_id: int, forum_session_id: int) -> tuple[int, datetime | None]:
    """The number and time of the newest event that a forum session's readers were told of; 0 before it.

    Events told to one person, like the progress of this very export, change nothing in a summary.
    """
    found = db.session.execute(
        select(MeetingEvent.number, MeetingEvent.happened_at).where(
            MeetingEvent.meeting_id == meeting_id,
            MeetingEvent.room.in_([meeting_room(meeting_id), forum_room(forum_session_id)]))
        .order_by(MeetingEvent.number.desc()).limit(1)).first()
    return (0, None) if found is None else (found.number, found.happened_at)


def summary_of(forum_session_id: int) -> SessionSummary | None:
    """A forum session's summary with its lines; None before it was drafted."""
    return db.session.scalar(
        select(SessionSummary).where(SessionSummary.forum_session_id == forum_session_id)
        .options(selectinload(SessionSummary.lines), selectinload(SessionSummary.minority_positions),
                 selectinload(SessionSummary.sign_offs)).execution_options(populate_existing=True))


def summary_to_lock(forum_session_id: int) -> SessionSummary | None:
    """A forum session's summary, locked until the end of the transaction; None before it was drafted."""
    return db.session.scalar(
        select(SessionSummary).where(SessionSummary.forum_session_id == forum_session_id)
        .with_for_update(of=SessionSummary).execution_options(populate_existing=True))


def locked_summary(forum_session_id: int) -> SessionSummary:
    """The same, locked for a change. Raises NotFound before it was drafted."""
    found = summary_to_lock(forum_session_id)
    if found is None:
        raise NotFound("This session's summary is drafted when the session closes.")
    return found


def line(meeting_id: int, line_id: int) -> Line:
    """One line of a meeting's summaries. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(Line).join(Line.summary).join(SessionSummary.forum_session)
        .where(Line.id == line_id, ForumSession.meeting_id == meeting_id))
    if found is None:
        raise NotFound("There is no such line in this meeting.")
    return found


def minority_position(meeting_id: int, position_id: int) -> MinorityPosition:
    """One minority position. Raises NotFound for another meeting's, and for one that was withdrawn."""
    found = db.session.scalar(
        select(MinorityPosition).join(MinorityPosition.summary).join(SessionSummary.forum_session)
        .where(MinorityPosition.id == position_id, ForumSession.meeting_id == meeting_id,
               MinorityPosition.withdrawn_at.is_(None)))
    if found is None:
        raise NotFound("There is no such minority position; its author may have withdrawn it.")
    return found


def sign_off(summary_id: int, person_id: int) -> SignOff | None:
    """How somebody signed a summary."""
    return db.session.get(SignOff, (summary_id, person_id))


def newest_version(forum_session_id: int) -> PublishedVersion | None:
    """The version that is in force."""
    return db.session.scalar(
        select(PublishedVersion).join(SessionSummary, SessionSummary.id == PublishedVersion.summary_id)
        .where(SessionSummary.forum_session_id == forum_session_id)
        .order_by(PublishedVersion.number.desc()).limit(1))


def published_ids(meeting_id: int) -> frozenset[int]:
    """The forum sessions of a meeting of which a version was published."""
    return frozenset(db.session.scalars(
        select(SessionSummary.forum_session_id).join(PublishedVersion, PublishedVersion.summary_id == SessionSummary.id)
        .join(ForumSession, ForumSession.id == SessionSummary.forum_session_id)
        .where(ForumSession.meeting_id == meeting_id)))


def reported_sessions(meeting_id: int) -> list[ForumSession]:
    """What a report of the whole meeting is about: the forum sessions on the agenda in its order, and then those that
    were taken off it after a version was published."""
    published = published_ids(meeting_id=meeting_id)
    return [*agenda.forum_sessions(meeting_id), *(
        one for one in agenda.all_forum_sessions(meeting_id) if one.removed_at is not None and one.id in published)]


def version(forum_session_id: int, number: int) -> PublishedVersion:
    """One published version. Raises NotFound."""
    found = db.session.scalar(
        select(PublishedVersion).join(SessionSummary, SessionSummary.id == PublishedVersion.summary_id)
        .where(SessionSummary.forum_session_id == forum_session_id, PublishedVersion.number == number))
    if found is None:
        raise NotFound("There is no such version of this summary.")
    return found


def undrafted(state: str) -> Sequence[int]:
    """The forum sessions in a state that have no summary yet."""
    return db.session.scalars(
        select(ForumSession.id).outerjoin(SessionSummary, SessionSummary.forum_session_id == ForumSession.id)
        .where(ForumSession.state == state, SessionSummary.id.is_(None)).order_by(ForumSession.id)).all()


def is_reviewed(forum_session: ForumSession) -> str:
    """That somebody reviewed, dissented from or signed a forum session's summary under its rule; else empty."""
    own = select(SessionSummary.id).where(SessionSummary.forum_session_id == forum_session.id)
    said = select(LineReview.line_id).join(Line, Line.id == LineReview.line_id).where(Line.summary_id.in_(own))
    held = select(MinorityPosition.id).where(MinorityPosition.summary_id.in_(own))
    signed = select(SignOff.person_id).where(SignOff.summary_id.in_(own))
    found = db.session.scalar(said.union_all(held, signed).limit(1))
    return "Somebody has reviewed the summary under it." if found is not None else ""
