"""Work of traces that the worker does."""

from sigforum.extensions import Job
from sigforum.traces.removing import remove_waiting


@Job
def wake_removal() -> None:
    """Remove the traces that wait."""
    remove_waiting()


def remove_what_waited() -> None:
    """Remove what an earlier worker did not come to."""
    wake_removal()


def sweep_removals() -> None:
    """Try again where somebody was reading an older state of the database, or the wake-up was lost."""
    remove_waiting()
