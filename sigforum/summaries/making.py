"""Making the files that were asked for: the worker's part."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from sigforum.agenda import queries as agenda
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Refusal
from sigforum.settings import Settings
from sigforum.summaries import assemble, queries
from sigforum.summaries.bundle import write_bundle
from sigforum.summaries.document import SummaryDocument
from sigforum.summaries.domain import BUNDLE, ExportState, file_name
from sigforum.summaries.events import ExportProgressed
from sigforum.summaries.models import ExportJob
from sigforum.summaries.registry import format_named
from sigforum.transaction import Transaction, transaction

Progress = Callable[[int, SummaryDocument], None]


@dataclass(frozen=True, kw_only=True)
class MadeFile:
    """A finished file."""

    name: str
    content: bytes


def run_export(job_id: int) -> None:
    """Make one file, if it still waits to be made. A failure is kept with its reason and can be tried again."""
    with transaction() as tx:
        job = queries.locked_job(job_id)
        # Two wake-ups for one job are normal; whoever comes second finds nothing to do.
        if job is None or job.state != ExportState.QUEUED:
            return
        job.state, job.error, job.done_steps = ExportState.RUNNING, "", 0
        job.total_steps, job.step = _total_steps(job), "Reading what was said and voted"
        publish(tx, job)
    try:
        made = _made_file(db.session.get_one(ExportJob, job_id))
        _store(job_id, made)
    except Refusal as refusal:
        _fail(job_id, refusal.message)
    except Exception:
        current_app.logger.exception("export %s failed", job_id)
        _fail(job_id, "The file could not be made. The reason is in the server's log.")
    else:
        _finish(job_id, made)


def requeue_interrupted() -> None:
    """Put back what a worker left half made when it was killed. Called before a worker starts."""
    with transaction() as tx:
        for job_id in queries.job_ids(ExportState.RUNNING):
            job = queries.locked_job(job_id)
            if job is not None:
                job.state, job.step, job.done_steps = ExportState.QUEUED, "", 0
                publish(tx, job)


def run_queued_exports() -> None:
    """Make every file that waits."""
    for job_id in queries.job_ids(ExportState.QUEUED):
        run_export(job_id)


def publish(tx: Transaction, job: ExportJob) -> None:
    """Tell the pages of whoever asked how far the file has come."""
    tx.publish(ExportProgressed(meeting_id=job.meeting_id, job_id=job.id, person_id=job.requested_by_id))


def path_of(job: ExportJob, name: str) -> Path:
    """Where a file of this export lies; each export has a folder of its own."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.instance / "exports" / str(job.id) / name


def _total_steps(job: ExportJob) -> int:
    return len(agenda.forum_sessions(job.meeting_id)) + 1 if job.format == BUNDLE else 1


def _made_file(job: ExportJob) -> MadeFile:
    """Read everything first, in one snapshot of the database, then write."""
    meeting, code = job.meeting, job.forum_session.code if job.forum_session else None
    if job.format == BUNDLE:
        summary = assemble.meeting_summary(meeting)
        content = write_bundle(summary, software=assemble.software(), sheets=assemble.meeting_sheets(meeting),
                               progress=_progress(job.id))
        return MadeFile(name=file_name(meeting.slug, BUNDLE), content=content)
    chosen = format_named(job.format)
    if code is None:
        return MadeFile(name=file_name(meeting.slug, chosen.extension),
                        content=chosen.write(assemble.meeting_summary(meeting)))
    document = assemble.session_summary(agenda.forum_session(meeting.id, code))
    return MadeFile(name=file_name(code, chosen.extension), content=chosen.write(document))


def _progress(job_id: int) -> Progress:
    def told(done: int, document: SummaryDocument) -> None:
        with transaction() as tx:
            job = queries.locked_job(job_id)
            if job is not None:
                job.done_steps = done + 1
                job.step = f"Writing session {done + 1} of {job.total_steps - 1}: {document.forum_session.code}"
                publish(tx, job)
    return told


def _store(job_id: int, made: MadeFile) -> None:
    """Write beside the file and rename, so that a file under its own name is always whole."""
    path = path_of(db.session.get_one(ExportJob, job_id), made.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as out:
        out.write(made.content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


def _finish(job_id: int, made: MadeFile) -> None:
    with transaction() as tx:
        job = queries.locked_job(job_id)
        if job is None:
            return
        job.state, job.finished_at, job.step = ExportState.DONE, now(), ""
        job.done_steps, job.file_name = job.total_steps, made.name
        job.sha256, job.size = hashlib.sha256(made.content).hexdigest(), len(made.content)
        publish(tx, job)


def _fail(job_id: int, reason: str) -> None:
    with transaction() as tx:
        job = queries.locked_job(job_id)
        if job is not None:
            job.state, job.error, job.finished_at, job.step = ExportState.FAILED, reason, now(), ""
            publish(tx, job)
