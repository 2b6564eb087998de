"""How fast one person may go, on pages and sockets alike. People at work never meet these limits; programs do."""

import time
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request

from sigforum.kernel.errors import Wait
from sigforum.kernel.pace import Pace

View = Callable[..., Any]
# (acts a second that go on for ever, acts at once before that). docs/security.md lists them. A text is written once and
# shown to a whole room, so of posts there are the fewest.
LIMITS: dict[str, tuple[float, float]] = {
    "read": (2, 60), "write": (3, 60), "post": (0.5, 12), "cast": (4, 60), "search": (1, 15), "file": (0.2, 8),
    "join": (1, 30), "typing": (2, 30)}


class TooFast(Wait):
    """The same person did the same too often."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Too fast.", seconds)


def bind(app: Flask) -> None:
    """Give an application its buckets, all of them full."""
    times = app.config["SETTINGS"].pace
    app.extensions["paces"] = {name: Pace(rate=times * rate, burst=times * burst)
                               for name, (rate, burst) in LIMITS.items()}


def paced(act: str, *, reads: bool = False) -> Callable[[View], View]:
    """For a view that has a limit of its own, for what is sent to it and, with `reads`, for what is asked of it."""
    def mark(view: View) -> View:
        view.pace, view.paces_reads = act, reads  # type: ignore[attr-defined]
        return view
    return mark


def spend_on(view: View, person_id: int) -> None:
    """Count the request at hand. Raises TooFast."""
    is_read = request.method in ("GET", "HEAD")
    if not is_read or getattr(view, "paces_reads", False):
        spend(getattr(view, "pace", "write"), person_id)
    else:
        spend("read", person_id)


def spend(act: str, person_id: int, *, app: Flask | None = None) -> None:
    """Count an act of somebody. Raises TooFast where it is one too many."""
    pace: Pace = (app or current_app).extensions["paces"][act]
    if wait := pace.take(person_id, now=time.monotonic()):
        raise TooFast(wait)
