"""What load balancers and monitors ask."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from sigforum.extensions import db
from sigforum.people.guards import public
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/health")
@public
def health() -> ResponseReturnValue:
    """Whether the web process answers and its database does; tells nothing else."""
    db.session.execute(text("SELECT 1"))
    return jsonify(ok=True)
