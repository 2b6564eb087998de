"""XLSX: a sheet for each kind of thing, native charts, and a codebook that explains every column."""

from sigforum.summaries.document.summary import Summary
from sigforum.summaries.drawable import drawable
from sigforum.summaries.registry import SummaryFormat


def write(summary: Summary) -> bytes:
    """The workbook."""
    summary = drawable(summary)
    from sigforum.summaries.office.workbook import write_workbook  # The writing library is the worker's alone.
    return write_workbook(summary)


FORMAT = SummaryFormat(
    name="xlsx", label="Workbook", extension="xlsx",
    mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    description="A sheet for each kind of thing, charts and a codebook.", write=write)
