"""The agenda as a part of the application."""

from flask import Flask

from sigforum.agenda import routes, sockets
from sigforum.live.gateway import show_events


def install(app: Flask) -> None:
    """Add the feature to an application."""
    routes.pages.add_to(app, "agenda")
    show_events("forum_session_moved", by=sockets.show_moved)
    show_events("agenda_imported", by=sockets.show_imported)
