"""PPTX: one slide a statement, with a chart that can be edited and notes that say where it comes from."""

from sigforum.summaries.document.summary import Summary
from sigforum.summaries.drawable import drawable
from sigforum.summaries.registry import SummaryFormat


def write(summary: Summary) -> bytes:
    """The slides."""
    summary = drawable(summary)
    from sigforum.summaries.office.slides import write_slides  # Takes 30 MB; the worker's alone.
    return write_slides(summary)


FORMAT = SummaryFormat(
    name="pptx", label="Slides", extension="pptx",
    mimetype="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    description="One slide a statement, with a native chart, verdict and notes.", write=write)
