"""Exports as a part of the application."""

from flask import Flask

from sigforum.exports import jobs, key_routes, routes
from sigforum.hooks import worker_started


def install(app: Flask) -> None:
    """Add the feature to an application."""
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(key_routes.blueprint)
    worker_started.register(jobs.requeue_exports)
