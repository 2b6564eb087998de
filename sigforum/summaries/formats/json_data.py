"""JSON: the complete document, for programs."""

import json

from sigforum.summaries.document.summary import Summary
from sigforum.summaries.registry import SummaryFormat


def write(summary: Summary) -> bytes:
    """The document's JSON form, indented for people who look inside."""
    return (json.dumps(summary.to_json(), ensure_ascii=False, indent=2) + "\n").encode()


FORMAT = SummaryFormat(
    name="json", label="Data", extension="json", mimetype="application/json",
    description="The complete document with every count, for programs.", write=write)
