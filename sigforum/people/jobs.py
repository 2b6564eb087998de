"""Work of people that the worker does."""

from sigforum.extensions import Job
from sigforum.people.mail import requeue_interrupted, send_queued_mail


@Job
def wake_mail() -> None:
    """Send what waits."""
    send_queued_mail()


def requeue_mail() -> None:
    """Put back what a killed worker was sending; the sweep takes it from there."""
    requeue_interrupted()
    wake_mail()


def sweep_mail() -> None:
    """Try again what failed, and send what a killed worker left."""
    send_queued_mail()
