"""Exports as a part of the application."""

from flask import Flask

from sigforum.exports import jobs, key_routes, routes, sockets
from sigforum.exports.domain import place_in_line
from sigforum.extensions import jobs as worker
from sigforum.hooks import worker_started
from sigforum.live.gateway import show_events


def install(app: Flask) -> None:
    """Add the feature to an application."""
    routes.pages.add_to(app, "exports", under="/meetings/<slug>")
    key_routes.pages.add_to(app, "signing_keys")
    app.add_template_filter(place_in_line)
    show_events("export_progressed", by=sockets.show_export_event)
    worker.add(jobs.warm_up)
    worker.add(jobs.wake_exports)
    worker.add_by_clock(jobs.sweep_exports)
    worker.add_by_clock(jobs.clear_exports, minute="17")
    worker_started.register(jobs.requeue_exports)
