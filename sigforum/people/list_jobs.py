"""The worker's part in taking long lists in."""

from sigforum.extensions import Job
from sigforum.people.list_imports import run_imports


@Job
def wake_imports() -> None:
    """Take in what waits."""
    run_imports()


def go_on_with_lists() -> None:
    """A list was handed over, or a worker starts and an earlier one may have left half a list."""
    wake_imports()


def sweep_imports() -> None:
    """Take in what waits although its wake-up was lost."""
    run_imports()
