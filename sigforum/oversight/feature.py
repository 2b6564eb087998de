"""Oversight as a part of the application."""

from flask import Flask

from sigforum.extensions import jobs as worker
from sigforum.oversight import account_routes, jobs, routes


def install(app: Flask) -> None:
    """Add the feature to an application."""
    routes.pages.add_to(app, "oversight")
    account_routes.pages.add_to(app, "own_data")
    worker.add_by_clock(jobs.purge_meetings, hour="3", minute="41")
