"""Work of people that the worker does."""

from huey import crontab

from sigforum.extensions import jobs
from sigforum.people.mail import send_queued_mail


@jobs.app_task()
def wake_mail() -> None:
    """Send what waits."""
    send_queued_mail()


@jobs.app_periodic_task(crontab(minute="*"))
def sweep_mail() -> None:
    """Try again what failed, and send what a killed worker left."""
    send_queued_mail()
