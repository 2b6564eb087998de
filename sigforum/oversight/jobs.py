"""Work of retention that the worker does."""

from sigforum.kernel.clock import now
from sigforum.oversight.retention import purge_due


def purge_meetings() -> None:
    """Once a day, purge the meetings past their date."""
    purge_due(now().date())
