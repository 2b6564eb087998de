"""Work of summaries that the worker does."""

from huey import crontab

from sigforum.extensions import jobs
from sigforum.kernel.places import fills
from sigforum.summaries.making import requeue_interrupted, run_export, run_queued_exports


@jobs.app_task()
def wake_export(job_id: int) -> None:
    """Make the file of an export."""
    run_export(job_id)


@fills("worker_started")
def requeue_exports() -> None:
    """Put back what a killed worker left half made; the sweep takes it from there."""
    requeue_interrupted()
    wake_queued_exports()


@jobs.app_task()
def wake_queued_exports() -> None:
    """Make everything that waits."""
    run_queued_exports()


@jobs.app_periodic_task(crontab(minute="*"))
def sweep_exports() -> None:
    """Make what waits although its wake-up was lost."""
    run_queued_exports()
