"""Making the files that were asked for: the worker's part."""

import hashlib
import threading
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from sigforum.exports import queries
from sigforum.exports.content import made_content
from sigforum.exports.domain import ExportState
from sigforum.exports.files import Parts, folder_of, ids_with_folders, remove_files, write_whole
from sigforum.exports.models import ExportJob
from sigforum.exports.steps import Steps, Stopped, publish
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Refusal
from sigforum.settings import Settings
from sigforum.transaction import Transaction, transaction

# So many of those who wait are told when the line moves.
TOLD_IN_LINE = 20
# One file at a time: two would take twice as long each, and keep invitations from being mailed meanwhile.
_turn = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """An export that this worker has taken, and which attempt at it this is."""

    job_id: int
    attempt: int


def run_queued_exports() -> None:
    """Make every file that waits, unless another thread is about it already."""
    while _turn.acquire(blocking=False):
        try:
            while waiting := queries.waiting(most=1):
                run_export(waiting[0].id)
        finally:
            _turn.release()
        # What was queued after the last look and before the release found the turn taken.
        db.session.rollback()
        if not queries.waiting(most=1):
            return


def run_export(job_id: int) -> None:
    """Make one file, if it still waits. Repeating does no harm."""
    taken = _take(job_id)
    if taken is None:
        return
    try:
        steps = Steps(job_id, attempt=taken.attempt)
        job = db.session.get_one(ExportJob, job_id)
        name, content = made_content(job, steps)
        steps.begin("Storing the file")
        write_whole(folder_of(job_id) / name, content)
    except Stopped:
        remove_unwanted(job_id)
    except Refusal as refusal:
        _fail(taken, refusal.message)
    except Exception:
        current_app.logger.exception("export %s failed", job_id)
        _fail(taken, "The file could not be made. The reason is in the server's log.")
    else:
        _finish(taken, name, content)


def requeue_interrupted() -> None:
    """Put back what a worker left half made when it was killed. Called before a worker starts."""
    for job_id in queries.job_ids(ExportState.RUNNING):
        with transaction() as tx:
            job = queries.locked_job(job_id)
            if job is not None and job.state == ExportState.RUNNING:
                # Its place in the line stays what it was, and its finished parts stay where they are.
                job.state, job.step, job.done_steps = ExportState.QUEUED, "", 0
                job.attempt += 1
                publish(tx, job)


def expire_exports() -> None:
    """Delete the files whose time is over. Their rows stay, so that they can be made again."""
    for job_id in queries.due_job_ids(now()):
        with transaction() as tx:
            job = queries.locked_job(job_id)
            if job is not None and job.state == ExportState.DONE:
                job.state = ExportState.EXPIRED
                publish(tx, job)
    # Also what a stop in the middle of this left behind, and the files of rows that are gone.
    there = ids_with_folders()
    kept = queries.ids_with_files(there, failed_after=now() - timedelta(days=_settings().export_days))
    db.session.rollback()
    for job_id in there:
        if job_id not in kept:
            remove_files(job_id)


def remove_unwanted(job_id: int) -> None:
    """Delete what was made of an export, unless somebody has asked for it again."""
    db.session.rollback()
    if not queries.ids_with_files([job_id], failed_after=now()):
        remove_files(job_id)
    db.session.rollback()


def tell_the_line(tx: Transaction) -> None:
    """Tell those who wait that they have moved up."""
    for job in queries.waiting(most=TOLD_IN_LINE):
        publish(tx, job)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _take(job_id: int) -> _Taken | None:
    with transaction() as tx:
        job = queries.locked_job(job_id)
        if job is None or job.state != ExportState.QUEUED:
            return None
        job.state, job.step, job.done_steps, job.total_steps = ExportState.RUNNING, "Beginning", 0, 1
        publish(tx, job)
        db.session.flush()
        tell_the_line(tx)
        return _Taken(job_id=job_id, attempt=job.attempt)


def _held(taken: _Taken) -> ExportJob | None:
    """The export, locked, if it is still this worker's."""
    job = queries.locked_job(taken.job_id)
    is_ours = job is not None and job.state == ExportState.RUNNING and job.attempt == taken.attempt
    return job if is_ours else None


def _finish(taken: _Taken, name: str, content: bytes) -> None:
    with transaction() as tx:
        job = _held(taken)
        if job is not None:
            job.state, job.finished_at, job.step = ExportState.DONE, now(), ""
            job.expires_at = job.finished_at + timedelta(days=_settings().export_days)
            job.done_steps, job.file_name = job.total_steps, name
            job.sha256, job.size = hashlib.sha256(content).hexdigest(), len(content)
            publish(tx, job)
    if job is None:
        remove_unwanted(taken.job_id)
    else:
        Parts.of(taken.job_id).forget()


def _fail(taken: _Taken, reason: str) -> None:
    with transaction() as tx:
        job = _held(taken)
        if job is not None:
            job.state, job.error, job.finished_at, job.step = ExportState.FAILED, reason, now(), ""
            publish(tx, job)
    if job is None:
        remove_unwanted(taken.job_id)
