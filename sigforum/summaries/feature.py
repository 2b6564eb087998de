"""Summaries as a part of the application."""

from flask import Flask

from sigforum.agenda.hooks import forum_session_moved, published_summaries
from sigforum.ballots.hooks import poll_moved, round_opens
from sigforum.disclosures.hooks import relies_on_attribution
from sigforum.hooks import worker_started
from sigforum.summaries import edge, ending_votes, jobs, queries, schema_routes


def install(app: Flask) -> None:
    """Add the feature to an application."""
    app.register_blueprint(edge.blueprint)
    app.register_blueprint(schema_routes.blueprint)
    published_summaries.register(queries.published_ids)
    relies_on_attribution.register(queries.is_reviewed)
    forum_session_moved.register(jobs.draft_when_closed)
    round_opens.register(ending_votes.refuse_after_publication)
    poll_moved.register(ending_votes.ask_signers_again)
    poll_moved.register(jobs.draft_when_revealed)
    worker_started.register(jobs.draft_missed)
