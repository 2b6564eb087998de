"""Polls as a part of the application."""

from flask import Flask

from sigforum.agenda.hooks import agenda_imported, forum_facts, forum_session_moved
from sigforum.ballots import closing, jobs, preparing, queries, record_routes, recusal_routes, routes, sockets, writer
from sigforum.ballots.domain import whole_text
from sigforum.disclosures.hooks import relies_on_attribution
from sigforum.extensions import jobs as worker
from sigforum.live.gateway import show_events
from sigforum.live.guards import answer_raw_event
from sigforum.live.ticker import add_tallies
from sigforum.threads.hooks import forum_side, forum_top


def install(app: Flask) -> None:
    """Add the feature to an application."""
    writer.bind(app)
    for pages in (routes.pages, record_routes.pages, recusal_routes.pages):
        pages.add_to(app, "ballots", under="/meetings/<slug>")
    app.add_template_filter(whole_text, "whole_text")
    answer_raw_event("cast", sockets.cast)
    add_tallies(sockets.LiveTallies())
    show_events("poll_changed", by=sockets.show_poll_event)
    show_events("response_posted", "response_changed", by=sockets.show_new_option)
    show_events("forum_session_moved", by=sockets.show_what_can_open)
    show_events("recusal_changed", "rules_acknowledged", by=sockets.show_standing)
    worker.add_by_clock(jobs.close_rounds_in_time)
    agenda_imported.register(preparing.prepare_priorities)
    agenda_imported.register(preparing.prepare_comparisons)
    forum_session_moved.register(closing.close_with_session)
    forum_facts.register(routes.forum_facts)
    relies_on_attribution.register(queries.is_voted_in)
    forum_top.register(routes.forum_polls)
    forum_side.register(routes.forum_priorities)
