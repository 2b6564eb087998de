"""Work of retention that the worker does."""

from huey import crontab

from sigforum.extensions import jobs
from sigforum.kernel.clock import now
from sigforum.oversight.retention import purge_due


@jobs.app_periodic_task(crontab(hour="3", minute="41"))
def purge_meetings() -> None:
    """Once a day, purge the meetings past their date."""
    purge_due(now().date())
