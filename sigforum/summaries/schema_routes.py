"""The published schema of the JSON files, for whoever reads them."""

from flask import Response

from sigforum.people.guards import public
from sigforum.summaries.document.schema import schema_text
from sigforum.summaries.document.summary import SCHEMA_VERSION
from sigforum.web.pages import Pages

pages = Pages()


@pages.get(f"/summary-{SCHEMA_VERSION}.json")
@public
def show_schema() -> Response:
    """The schema in force; it tells nothing of any meeting."""
    return Response(schema_text(), mimetype="application/schema+json")
