"""The worker's part: closing rounds whose time is up, also when nobody has a page open."""

from sigforum.ballots.actions import close_due_rounds


def close_rounds_in_time() -> None:
    """Once a minute; while pages are open the live loop does it within a quarter of a second."""
    close_due_rounds()
