"""What can be done with exports: asking for a file, and trying again."""

from sigforum.agenda import queries as agenda
from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.people.domain import Viewer
from sigforum.summaries import queries
from sigforum.summaries.domain import ExportState
from sigforum.summaries.forms import WantedExport
from sigforum.summaries.jobs import wake_export
from sigforum.summaries.making import publish
from sigforum.summaries.models import ExportJob
from sigforum.summaries.policy import check_downloads, check_exports
from sigforum.transaction import Transaction, transaction


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
    """Queue a failed file again. Safe to repeat."""
    with transaction() as tx:
        job = queries.job(viewer.meeting_id, job_id)
        check_downloads(viewer, requested_by_id=job.requested_by_id)
        if job.state == ExportState.FAILED:
            job.state, job.error, job.finished_at = ExportState.QUEUED, "", None
            record("export_retried", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
                   subject=f"export {job.id}")
            _queue(tx, job)
    return job


def _queue(tx: Transaction, job: ExportJob) -> None:
    publish(tx, job)
    identifier = job.id
    tx.after_commit(lambda: wake_export(identifier))
