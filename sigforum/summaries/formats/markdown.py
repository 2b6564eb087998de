"""Markdown: for a wiki, or for editing before it goes to a journal."""

from sigforum.summaries.document import Summary
from sigforum.summaries.printing import fill
from sigforum.summaries.registry import SummaryFormat


def write(summary: Summary) -> bytes:
    """One Markdown file; every forum session begins with a heading of the first level."""
    return fill("summaries/summary.md", summary=summary).encode()


FORMAT = SummaryFormat(
    name="markdown", label="Markdown", extension="md", mimetype="text/markdown",
    description="For a wiki, or for editing before it goes to a journal.", write=write)
