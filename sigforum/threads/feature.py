"""Threads as a part of the application."""

from flask import Flask

from sigforum.agenda.hooks import forum_facts, question_moved, response_counts
from sigforum.disclosures.hooks import relies_on_attribution
from sigforum.live.gateway import show_events
from sigforum.threads import actions, queries, routes, sockets
from sigforum.threads.showing import byline_html, response_html
from sigforum.threads.text import directed_html


def install(app: Flask) -> None:
    """Add the feature to an application."""
    routes.pages.add_to(app, "threads", under="/meetings/<slug>")
    app.jinja_env.filters |= {
        "markdown": directed_html, "response_html": response_html, "byline_html": byline_html}
    show_events("response_posted", "response_changed", by=sockets.show_response_event)
    forum_facts.register(routes.forum_facts)
    question_moved.register(actions.follow_question)
    response_counts.register(queries.response_counts)
    relies_on_attribution.register(queries.is_posted_in)
