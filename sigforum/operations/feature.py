"""Operations as a part of the application."""

from flask import Flask

from sigforum.operations import routes


def install(app: Flask) -> None:
    """Add the feature to an application."""
    routes.pages.add_to(app, "operations")
