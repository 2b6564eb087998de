"""Polls as a part of the application."""

from flask import Flask

from sigforum.agenda.hooks import agenda_imported, forum_facts
from sigforum.ballots import edge, preparing, queries, routes, writer
from sigforum.disclosures.hooks import relies_on_attribution
from sigforum.threads.hooks import forum_side, forum_top


def install(app: Flask) -> None:
    """Add the feature to an application."""
    writer.bind(app)
    app.register_blueprint(edge.blueprint)
    agenda_imported.register(preparing.prepare_priorities)
    agenda_imported.register(preparing.prepare_comparisons)
    forum_facts.register(routes.forum_facts)
    relies_on_attribution.register(queries.is_voted_in)
    forum_top.register(routes.forum_polls)
    forum_side.register(routes.forum_priorities)
