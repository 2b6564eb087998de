"""What the worker does about signing in: forgetting what is over."""

from sigforum.people.signing import forget_old_tries


def sweep_old_tries() -> None:
    """Once a night, delete codes, half sign-ins and challenges of the days before."""
    forget_old_tries()
