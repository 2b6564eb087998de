"""Reads of exports, and of the newest event that a summary rests on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from sigforum.extensions import db
from sigforum.kernel.errors import NotFound
from sigforum.kernel.events import forum_room, meeting_room
from sigforum.summaries.domain import ExportState
from sigforum.summaries.models import ExportJob
from sigforum.transaction import MeetingEvent

MOST_JOBS = 20


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


def jobs_of(person_id: int, meeting_id: int) -> Sequence[ExportJob]:
    """A person's newest exports of a meeting, newest first."""
    return db.session.scalars(
        select(ExportJob).where(ExportJob.requested_by_id == person_id, ExportJob.meeting_id == meeting_id)
        .order_by(ExportJob.id.desc()).limit(MOST_JOBS)).all()


def job(meeting_id: int, job_id: int) -> ExportJob:
    """One export of a meeting. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(ExportJob).where(ExportJob.id == job_id, ExportJob.meeting_id == meeting_id))
    if found is None:
        raise NotFound("There is no such file in this meeting.")
    return found


def unfinished_job(person_id: int, *, meeting_id: int, forum_session_id: int | None,
                   format_name: str) -> ExportJob | None:
    """The same export, asked for by the same person and not made yet."""
    return db.session.scalar(
        select(ExportJob).where(
            ExportJob.requested_by_id == person_id, ExportJob.meeting_id == meeting_id,
            ExportJob.forum_session_id.is_(None) if forum_session_id is None
            else ExportJob.forum_session_id == forum_session_id,
            ExportJob.format == format_name,
            ExportJob.state.in_([ExportState.QUEUED, ExportState.RUNNING])))


def locked_job(job_id: int) -> ExportJob | None:
    """An export, read again and locked, so that two workers cannot both take it."""
    return db.session.scalar(
        select(ExportJob).where(ExportJob.id == job_id).with_for_update()
        .execution_options(populate_existing=True))


def job_ids(state: ExportState) -> Sequence[int]:
    """The exports in a state, oldest first."""
    return db.session.scalars(
        select(ExportJob.id).where(ExportJob.state == state).order_by(ExportJob.id)).all()
