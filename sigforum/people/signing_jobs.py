"""What the worker does about signing in: forgetting what is over, and telling of cards whose days are."""

from sigforum.people.ending_cards import tell_cards_that_are_over
from sigforum.people.signing import forget_old_tries


def sweep_old_tries() -> None:
    """Once a night, delete codes, half sign-ins and challenges of the days before."""
    forget_old_tries()


def sweep_cards() -> None:
    """Every hour, close the sockets of cards whose meeting's days have just ended."""
    tell_cards_that_are_over()
