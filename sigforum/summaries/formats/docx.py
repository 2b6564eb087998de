"""DOCX: the report in Word's own styles, to edit before it goes to a journal."""

from sigforum.summaries.document.summary import Summary
from sigforum.summaries.drawable import drawable
from sigforum.summaries.registry import SummaryFormat


def write(summary: Summary) -> bytes:
    """The Word file."""
    summary = drawable(summary)
    from sigforum.summaries.office.word import write_word  # Takes 30 MB; the worker's alone.
    return write_word(summary)


FORMAT = SummaryFormat(
    name="docx", label="Report to edit", extension="docx",
    mimetype="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    description="Word's own styles, tables and described charts.", write=write)
