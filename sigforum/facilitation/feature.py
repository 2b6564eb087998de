"""The console and the projector as a part of the application."""

from flask import Flask

from sigforum.agenda.hooks import agenda_imported
from sigforum.ballots.hooks import poll_moved
from sigforum.facilitation import actions, preparing, routes
from sigforum.threads.hooks import forum_tools


def install(app: Flask) -> None:
    """Add the feature to an application."""
    app.register_blueprint(routes.blueprint)
    agenda_imported.register(preparing.prepare_stages)
    poll_moved.register(actions.follow_poll)
    forum_tools.register(routes.forum_tools)
