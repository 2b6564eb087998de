"""Reads of exports, and of the line in which they wait."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from sigforum.exports.domain import UNFINISHED, ExportState
from sigforum.exports.models import ExportJob
from sigforum.extensions import db
from sigforum.kernel.errors import NotFound

MOST_JOBS = 20


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
            ExportJob.format == format_name, ExportJob.state.in_(UNFINISHED)))


def locked_job(job_id: int) -> ExportJob | None:
    """An export, read again and locked, so that two workers cannot both take it."""
    return db.session.scalar(
        select(ExportJob).where(ExportJob.id == job_id).with_for_update(of=ExportJob)
        .execution_options(populate_existing=True))


def job_ids(state: ExportState) -> Sequence[int]:
    """The exports in a state, in the order in which they were queued."""
    return db.session.scalars(
        select(ExportJob.id).where(ExportJob.state == state)
        .order_by(ExportJob.queued_at, ExportJob.id)).all()


def waiting(*, most: int) -> Sequence[ExportJob]:
    """The first exports of the line, of all meetings: one worker serves them all."""
    return db.session.scalars(
        select(ExportJob).where(ExportJob.state == ExportState.QUEUED)
        .order_by(ExportJob.queued_at, ExportJob.id).limit(most)).all()


def ahead(jobs: Collection[ExportJob]) -> dict[int, int]:
    """How many wait before each of these exports that waits itself, by its id."""
    theirs = [job.id for job in jobs if job.state == ExportState.QUEUED]
    if not theirs:
        return {}
    line = select(ExportJob.id, func.row_number().over(
        order_by=(ExportJob.queued_at, ExportJob.id)).label("place")).where(
            ExportJob.state == ExportState.QUEUED).subquery()
    found = db.session.execute(select(line.c.id, line.c.place).where(line.c.id.in_(theirs)))
    return {row.id: row.place - 1 for row in found}


def is_still_running(job_id: int, attempt: int) -> bool:
    """Whether an export is still to be made by the worker that took this attempt at it."""
    return db.session.scalar(
        select(ExportJob.id).where(ExportJob.id == job_id, ExportJob.state == ExportState.RUNNING,
                                   ExportJob.attempt == attempt)) is not None


def due_job_ids(moment: datetime) -> Sequence[int]:
    """The exports whose time is over."""
    return db.session.scalars(
        select(ExportJob.id).where(ExportJob.state == ExportState.DONE, ExportJob.expires_at <= moment)
        .order_by(ExportJob.id)).all()


def ids_with_files(job_ids: Collection[int], *, failed_after: datetime) -> set[int]:
    """Which of these exports may have files: the finished ones, those that wait or are being made, and those that
    failed lately, whose finished parts shorten the next attempt."""
    kept = (ExportState.DONE, *UNFINISHED)
    return set(db.session.scalars(
        select(ExportJob.id).where(
            ExportJob.id.in_(job_ids),
            ExportJob.state.in_(kept) | (
                (ExportJob.state == ExportState.FAILED) & (ExportJob.finished_at > failed_after)))))
