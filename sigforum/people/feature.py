"""People, signing in and inviting as a part of the application."""

from flask import Flask

from sigforum.audit.hooks import acts_through
from sigforum.extensions import jobs as worker
from sigforum.extensions import login_manager
from sigforum.hooks import worker_started
from sigforum.people import (
    account_routes,
    answering_routes,
    calendar_routes,
    guards,
    hooks,
    hours,
    jobs,
    key_routes,
    list_jobs,
    naming_routes,
    outbox_routes,
    provider,
    routes,
    signing_edge,
    signing_jobs,
    signing_routes,
)
from sigforum.web.hooks import page_zone, recovery_link


def install(app: Flask) -> None:
    """Add the feature to an application."""
    provider.bind(app)
    login_manager.user_loader(guards.load_signed_in)
    for pages in (signing_routes.pages, key_routes.pages, account_routes.pages, naming_routes.pages, routes.pages):
        pages.add_to(app, "people")
    for pages in (answering_routes.pages, outbox_routes.pages, calendar_routes.pages):
        pages.add_to(app, "inviting")
    worker.add(jobs.wake_mail)
    worker.add(list_jobs.wake_imports)
    worker.add_by_clock(jobs.sweep_mail)
    worker.add_by_clock(list_jobs.sweep_imports)
    worker.add_by_clock(signing_jobs.sweep_old_tries, hour="3", minute="17")
    worker.add_by_clock(signing_jobs.sweep_cards, minute="1")
    acts_through.register(guards.acts_through)
    page_zone.register(hours.page_zone)
    recovery_link.register(signing_edge.recovery_link)
    hooks.continue_panel.register(answering_routes.answer_panel)
    hooks.list_queued.register(list_jobs.go_on_with_lists)
    worker_started.register(jobs.requeue_mail)
    worker_started.register(list_jobs.go_on_with_lists)
