"""Migrations, apart from the application: the web process never runs them, and what they import would cost it a tenth
of its memory."""

import flask_migrate
from flask import Flask, current_app

from sigforum.extensions import db
from sigforum.resources import resource


def bind(app: Flask) -> None:
    """Tell the commands of Flask-Migrate where the migrations are."""
    flask_migrate.Migrate(app, db, directory=str(resource("migrations")), render_as_batch=True)


def upgrade(*, revision: str = "head") -> None:
    """Bring the running application's database up to a revision; safe to repeat."""
    bind(current_app._get_current_object())  # type: ignore[attr-defined]
    flask_migrate.upgrade(revision=revision)


def downgrade(*, revision: str) -> None:
    """Bring the running application's database down to a revision."""
    bind(current_app._get_current_object())  # type: ignore[attr-defined]
    flask_migrate.downgrade(revision=revision)
