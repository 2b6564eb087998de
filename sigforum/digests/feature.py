"""Digests as a part of the application."""

from flask import Flask

from sigforum.digests import routes, writing
from sigforum.people.hooks import digest_parts


def install(app: Flask) -> None:
    """Add the feature to an application."""
    app.register_blueprint(routes.blueprint)
    digest_parts.register(writing.write_digest)
