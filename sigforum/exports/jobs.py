"""Work of exports that the worker does."""

import gc

from huey import crontab

from sigforum.exports.content import prepare
from sigforum.exports.making import expire_exports, requeue_interrupted, run_queued_exports
from sigforum.extensions import jobs


@jobs.app_task()
def warm_up() -> None:
    """Load what every format needs before the first file is asked for."""
    prepare()
    # What is loaded stays. Looking through it again and again for what could go takes a sixth of a PDF's time.
    gc.collect()
    gc.freeze()


@jobs.app_task()
def wake_exports() -> None:
    """Make everything that waits."""
    run_queued_exports()


def requeue_exports() -> None:
    """Put back what a killed worker left half made."""
    requeue_interrupted()
    warm_up()
    wake_exports()


@jobs.app_periodic_task(crontab(minute="*"))
def sweep_exports() -> None:
    """Make what waits although its wake-up was lost."""
    run_queued_exports()


@jobs.app_periodic_task(crontab(minute="17"))
def clear_exports() -> None:
    """Once an hour, delete the files whose time is over."""
    expire_exports()
