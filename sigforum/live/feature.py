"""The live edge as a part of the application."""

from flask import Flask

from sigforum.live import connections, presence, sockets
from sigforum.live.guards import answer_event
from sigforum.live.ticker import add_tallies


def install(app: Flask) -> None:
    """Add it to an application, behind the features: what they answer and show is bound to the server here."""
    answer_event("join", sockets.join)
    answer_event("typing", presence.typing)
    add_tallies(presence.Presence())
    add_tallies(presence.Typing())
    connections.bind(app)
