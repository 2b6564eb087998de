"""Summaries as a part of the application."""

from flask import Flask

from sigforum.agenda.hooks import forum_session_moved, published_summaries
from sigforum.ballots.hooks import poll_moved, round_opens
from sigforum.disclosures.hooks import relies_on_attribution
from sigforum.extensions import jobs as worker
from sigforum.hooks import worker_started
from sigforum.live.gateway import show_events
from sigforum.summaries import (
    editing_routes,
    ending_votes,
    jobs,
    meeting_routes,
    queries,
    review_routes,
    routes,
    schema_routes,
    sockets,
)
from sigforum.summaries.lines_outline import holders_text, review_text, vote_text
from sigforum.summaries.printing import FILTERS
from sigforum.summaries.wording import unbroken
from sigforum.web.directions import InlineMarkup


def install(app: Flask) -> None:
    """Add the feature to an application."""
    for pages in (routes.pages, meeting_routes.pages, editing_routes.pages, review_routes.pages):
        pages.add_to(app, "summaries", under="/meetings/<slug>")
    schema_routes.pages.add_to(app, "schema", under="/schema")
    app.jinja_env.filters |= {**FILTERS, "unbroken": _unbroken, "holders_text": holders_text,
                              "review_text": review_text, "vote_text": vote_text}
    show_events("summary_changed", by=sockets.show_summary_event)
    worker.add(jobs.wake_drafts)
    worker.add(jobs.wake_draft)
    worker.add_by_clock(jobs.sweep_drafts)
    published_summaries.register(queries.published_ids)
    relies_on_attribution.register(queries.is_reviewed)
    forum_session_moved.register(jobs.draft_when_closed)
    round_opens.register(ending_votes.refuse_after_publication)
    poll_moved.register(ending_votes.ask_signers_again)
    poll_moved.register(jobs.draft_when_revealed)
    worker_started.register(jobs.draft_missed)


def _unbroken(text: str) -> InlineMarkup:
    # A page directs a title by its own words, whatever marks keep parts of it on one line.
    return InlineMarkup(unbroken(text))
