"""HTML: one file with its styles and letters inside, which opens anywhere without a network."""

import base64
from functools import cache

from sigforum.resources import resource
from sigforum.summaries.document.summary import Summary
from sigforum.summaries.drawable import drawable
from sigforum.summaries.printing import fill
from sigforum.summaries.registry import SummaryFormat
from sigforum.summaries.sections import chapters

# Latin letters of the report; whatever else is written falls back to the reader's own fonts.
_LETTERS = {"sans": "inter-latin-wght-normal", "serif": "source-serif-4-latin-opsz-normal",
            "italic": "source-serif-4-latin-opsz-italic"}


def write(summary: Summary) -> bytes:
    """The page, without a script and without anything to load."""
    summary = drawable(summary)
    software = summary.documents[0].provenance.software if summary.documents else "sigforum"
    return fill("summaries/offline.html", summary=summary, chapters=chapters(summary), on_screen=False,
                is_offline=True, software=software, letters=_letters()).encode()


@cache
def _letters() -> dict[str, str]:
    folder = resource("static") / "vendor"
    return {name: base64.b64encode((folder / f"{file}.woff2").read_bytes()).decode()
            for name, file in _LETTERS.items()}


FORMAT = SummaryFormat(
    name="html", label="Web page", extension="html", mimetype="text/html",
    description="One file that opens anywhere, without a network.", write=write)
