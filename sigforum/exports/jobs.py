"""Work of exports that the worker does."""

import gc

from sigforum.exports.content import prepare
from sigforum.exports.making import expire_exports, requeue_interrupted, run_queued_exports
from sigforum.extensions import Job


@Job
def warm_up() -> None:
    """Load what every format needs before the first file is asked for."""
    prepare()
    # What is loaded stays. Looking through it again and again for what could go takes a sixth of a PDF's time.
    gc.collect()
    gc.freeze()


@Job
def wake_exports() -> None:
    """Make everything that waits."""
    run_queued_exports()


def requeue_exports() -> None:
    """Put back what a killed worker left half made."""
    requeue_interrupted()
    warm_up()
    wake_exports()


def sweep_exports() -> None:
    """Make what waits although its wake-up was lost."""
    run_queued_exports()


def clear_exports() -> None:
    """Once an hour, delete the files whose time is over."""
    expire_exports()
