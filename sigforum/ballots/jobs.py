"""The worker's part: closing rounds whose time is up, also when nobody has a page open."""

from huey import crontab

from sigforum.ballots.actions import close_due_rounds
from sigforum.extensions import jobs


@jobs.app_periodic_task(crontab(minute="*"))
def close_rounds_in_time() -> None:
    """Once a minute; while pages are open the live loop does it within a quarter of a second."""
    close_due_rounds()
