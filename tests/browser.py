"""The browser of the tests."""

import contextvars
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sigforum.extensions import db


class Browser(FlaskClient):
    """Sends each request apart from the test's own application context, as a server gets it.

    Flask would otherwise let requests share `g` with the test and with each other, and the person who was
    signed in for one request would be signed in for the next.
    """

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        """Send a request; the test then reads from the database what it has stored."""
        answer = contextvars.Context().run(super().open, *arguments, **options)
        # A redirect that is followed comes here again, from inside.
        if has_app_context():
            db.session.rollback()
        return answer
