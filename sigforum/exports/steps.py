"""The steps in which a file is made: people see each, and between two of them the worker asks whether to go on."""

import time

from sigforum.exports import queries
from sigforum.exports.events import ExportProgressed
from sigforum.exports.models import ExportJob
from sigforum.extensions import db
from sigforum.transaction import Transaction, transaction

# Each telling is a synced commit, for which votes wait: no more of them than a reader can see.
TELL_SECONDS = 0.5


class Stopped(Exception):
    """The export was cancelled, or belongs to another worker by now."""


class Steps:
    """How far one attempt at an export has come."""

    def __init__(self, job_id: int, *, attempt: int) -> None:
        self.job_id, self.attempt = job_id, attempt
        self._done, self._begun, self._total = 0, 0, 1
        self._told_at = float("-inf")

    def plan(self, total: int) -> None:
        """How many steps there will be."""
        self._total = total

    def begin(self, words: str, *, worth: int = 1) -> None:
        """The step before is over and this one begins; `worth` says how many usual steps it takes as long as.
        Raises Stopped where the file is not wanted any more."""
        self._done, self._begun = self._done + self._begun, worth
        is_wanted = queries.is_still_running(self.job_id, self.attempt)
        # A reader that stays open keeps the database from folding its log of changes back in.
        db.session.rollback()
        if not is_wanted:
            raise Stopped
        if time.monotonic() - self._told_at >= TELL_SECONDS:
            self._told_at = time.monotonic()
            self._tell(words)

    def _tell(self, words: str) -> None:
        with transaction() as tx:
            job = queries.locked_job(self.job_id)
            if job is not None and queries.is_still_running(self.job_id, self.attempt):
                job.step, job.done_steps, job.total_steps = words, self._done, self._total
                publish(tx, job)


def publish(tx: Transaction, job: ExportJob) -> None:
    """Tell the pages of whoever asked how far the file has come."""
    tx.publish(ExportProgressed(meeting_id=job.meeting_id, job_id=job.id, person_id=job.requested_by_id))
