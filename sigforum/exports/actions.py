"""What can be done with exports: asking for a file, cancelling it, and asking again."""

from sqlalchemy import update

from sigforum.agenda import queries as agenda
from sigforum.audit.actions import record
from sigforum.exports import queries
from sigforum.exports.domain import UNFINISHED, WITHOUT_FILE, ExportState
from sigforum.exports.forms import WantedExport
from sigforum.exports.jobs import wake_exports
from sigforum.exports.making import remove_unwanted, tell_the_line
from sigforum.exports.models import ExportJob
from sigforum.exports.policy import check_downloads, check_exports
from sigforum.exports.steps import publish
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people.domain import Viewer
from sigforum.transaction import Transaction, running_transaction, transaction


def request_export(viewer: Viewer, wanted: WantedExport) -> ExportJob:
    """Queue a file. Asking again while it is being made gives the same one back.

    Raises NotAllowed for a whole meeting where the viewer may not, NotFound for an unknown session.
    """
    check_exports(viewer, is_whole_meeting=wanted.code is None)
    with transaction() as tx:
        forum_session_id = None
        if wanted.code is not None:
            forum_session_id = agenda.forum_session(viewer.meeting_id, wanted.code).id
        job = queries.unfinished_job(viewer.person_id, meeting_id=viewer.meeting_id,
                                     forum_session_id=forum_session_id, format_name=wanted.format)
        if job is None:
            job = ExportJob(meeting_id=viewer.meeting_id, forum_session_id=forum_session_id,
                            format=wanted.format, requested_by_id=viewer.person_id)
            db.session.add(job)
            db.session.flush()
            record("export_requested", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
                   subject=f"export {job.id}", format=wanted.format, session=wanted.code)
            _queue(tx, job)
    return job


def retry_export(viewer: Viewer, job_id: int) -> ExportJob:
    """Queue a file again that failed, was cancelled or is kept no longer. Safe to repeat.

    Raises NotFound for somebody else's file, NotAllowed where the viewer may not have the whole meeting any more.
    """
    with transaction() as tx:
        job = _own_job(viewer, job_id)
        check_exports(viewer, is_whole_meeting=job.forum_session_id is None)
        if job.state in WITHOUT_FILE:
            before = job.state
            job.state, job.error, job.step, job.done_steps = ExportState.QUEUED, "", "", 0
            job.finished_at, job.expires_at, job.queued_at = None, None, now()
            job.attempt += 1
            record("export_retried", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
                   subject=f"export {job.id}", before=before, after=job.state)
            _queue(tx, job)
    return job


def cancel_export(viewer: Viewer, job_id: int) -> ExportJob:
    """Take a file out of the line, or stop its making: the worker looks between two steps. Safe to repeat.

    Raises NotFound for somebody else's file.
    """
    with transaction() as tx:
        job = _own_job(viewer, job_id)
        if job.state in UNFINISHED:
            before, was_waiting = job.state, job.state == ExportState.QUEUED
            job.state, job.step, job.finished_at = ExportState.CANCELLED, "", now()
            record("export_cancelled", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
                   subject=f"export {job.id}", before=before, after=job.state)
            publish(tx, job)
            db.session.flush()
            if was_waiting:
                tell_the_line(tx)
                # One that is being made is tidied up by its worker, which may still be writing.
                tx.after_commit(lambda: remove_unwanted(job_id))
    return job


def expire_files(meeting_id: int) -> None:
    """Let no file of a meeting be had that was begun before now: somebody named in them has taken the name back.
    Finished ones are deleted by the next sweep and can be made again; one that is being made is begun anew. Part of
    an erasure."""
    of_meeting = update(ExportJob).where(ExportJob.meeting_id == meeting_id)
    db.session.execute(of_meeting.where(ExportJob.state == ExportState.DONE).values(state=ExportState.EXPIRED))
    # The worker finds that this attempt is no longer its own, and takes the next.
    db.session.execute(of_meeting.where(ExportJob.state == ExportState.RUNNING).values(
        state=ExportState.QUEUED, attempt=ExportJob.attempt + 1, step="", done_steps=0))
    running_transaction().after_commit(wake_exports)


def _own_job(viewer: Viewer, job_id: int) -> ExportJob:
    queries.job(viewer.meeting_id, job_id)
    job = queries.locked_job(job_id)
    assert job is not None, "it was there in this very transaction"
    check_downloads(viewer, requested_by_id=job.requested_by_id)
    return job


def _queue(tx: Transaction, job: ExportJob) -> None:
    publish(tx, job)
    tx.after_commit(wake_exports)
