"""PDF: typeset for A4 and tagged for screen readers (PDF/UA-1)."""

from sigforum.kernel.errors import Refusal
from sigforum.summaries.document.summary import Summary
from sigforum.summaries.drawable import drawable
from sigforum.summaries.registry import SummaryFormat


def write(summary: Summary) -> bytes:
    """The PDF. Raises Refusal where the machine cannot draw letters."""
    summary = drawable(summary)
    try:
        from sigforum.summaries.typesetting import typeset  # Takes 40 MB and half a second; the worker's alone.
    except OSError:
        raise Refusal("PDF files need the Pango library on the machine that runs the worker "
                      "(Debian: libpango-1.0-0 and libpangoft2-1.0-0; macOS: brew install pango).") from None
    return typeset(summary)


FORMAT = SummaryFormat(
    name="pdf", label="Report to read and print", extension="pdf", mimetype="application/pdf",
    description="Typeset for A4 and tagged for screen readers.", write=write)
