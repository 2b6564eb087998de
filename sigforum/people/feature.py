"""People, signing in and inviting as a part of the application."""

from flask import Flask

from sigforum.audit.hooks import acts_through
from sigforum.hooks import worker_started
from sigforum.people import (
    answering_routes,
    guards,
    hooks,
    hours,
    inviting_edge,
    jobs,
    list_jobs,
    provider,
    signing_edge,
)
from sigforum.web.hooks import page_zone, recovery_link


def install(app: Flask) -> None:
    """Add the feature to an application."""
    provider.bind(app)
    app.register_blueprint(signing_edge.blueprint)
    app.register_blueprint(inviting_edge.blueprint)
    acts_through.register(guards.acts_through)
    page_zone.register(hours.page_zone)
    recovery_link.register(signing_edge.recovery_link)
    hooks.continue_panel.register(answering_routes.answer_panel)
    hooks.list_queued.register(list_jobs.go_on_with_lists)
    worker_started.register(jobs.requeue_mail)
    worker_started.register(list_jobs.go_on_with_lists)
