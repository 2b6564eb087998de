"""Rules of entry and disclosures of interests as a part of the application."""

from flask import Flask

from sigforum.agenda.hooks import meeting_created
from sigforum.disclosures import edge, entering, entry_routes
from sigforum.web.hooks import recovery_link


def install(app: Flask) -> None:
    """Add the feature to an application."""
    app.register_blueprint(edge.blueprint)
    meeting_created.register(entering.ask_in_new_meetings)
    recovery_link.register(entry_routes.recovery_link)
