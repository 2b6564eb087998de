"""CSV: one long table, one number or text a row, for spreadsheets and statistics programs."""

import csv
import io
from typing import Any

from sigforum.kernel.text import cell
from sigforum.summaries.document.plain import plain
from sigforum.summaries.document.summary import Summary
from sigforum.summaries.long_table import COLUMNS, long_rows
from sigforum.summaries.registry import SummaryFormat


def write(summary: Summary) -> bytes:
    """The table as UTF-8 with a mark that spreadsheets need to see that."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in row] for row in long_rows(summary))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    # A number is a number, with its minus too.
    return cell(value) if isinstance(value, str) else str(plain(value))


FORMAT = SummaryFormat(
    name="csv", label="Tables", extension="csv", mimetype="text/csv",
    description="Responses, priorities, poll results and participation as one long table.", write=write)
