"""Oversight as a part of the application."""

from flask import Flask

from sigforum.oversight import account_routes, routes


def install(app: Flask) -> None:
    """Add the feature to an application."""
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(account_routes.blueprint)
