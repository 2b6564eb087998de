"""What the worker does about signing in: forgetting what is over."""

from huey import crontab

from sigforum.extensions import jobs
from sigforum.people.signing import forget_old_tries


@jobs.app_periodic_task(crontab(hour="3", minute="17"))
def sweep_old_tries() -> None:
    """Once a night, delete codes, half sign-ins and challenges of the days before."""
    forget_old_tries()
