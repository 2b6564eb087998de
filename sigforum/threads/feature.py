"""Threads as a part of the application."""

from flask import Flask

from sigforum.agenda.hooks import forum_facts, question_moved, response_counts
from sigforum.disclosures.hooks import relies_on_attribution
from sigforum.threads import actions, queries, routes


def install(app: Flask) -> None:
    """Add the feature to an application."""
    app.register_blueprint(routes.blueprint)
    forum_facts.register(routes.forum_facts)
    question_moved.register(actions.follow_question)
    response_counts.register(queries.response_counts)
    relies_on_attribution.register(queries.is_posted_in)
