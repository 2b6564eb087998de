"""Digests as a part of the application."""

from flask import Flask

from sigforum.digests import jobs, routes, writing
from sigforum.extensions import jobs as worker
from sigforum.people.hooks import digest_parts


def install(app: Flask) -> None:
    """Add the feature to an application."""
    routes.pages.add_to(app, "digests")
    worker.add_by_clock(jobs.sweep_digests)
    digest_parts.register(writing.write_digest)
