"""Lists of people from workbooks (XLSX): the first sheet's cells as CSV text, within limits that no bomb gets past."""

import csv
import io
import zipfile
import zlib
from datetime import date, datetime, time
from typing import Any

from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import one_line

MOST_PARTS, MOST_BYTES = 500, 60_000_000
MOST_SHEET_ROWS, MOST_COLUMNS = 11_000, 40
# A cell that holds more is no name, and the list of errors would repeat it.
MOST_CELL = 2_000
_NOT_READ = ("The file cannot be read as a workbook (.xlsx). Save it again in your spreadsheet program, "
             "or save it as CSV UTF-8.")


def is_workbook(data: bytes) -> bool:
    """Whether an upload is a ZIP archive, as every XLSX file is."""
    return data.startswith(b"PK\x03\x04")


def workbook_text(data: bytes) -> str:
    """The first sheet as CSV; the line of a row is its number in the sheet. Raises Invalid for anything else."""
    # It loads numpy, which the web process shall not carry for the few who bring a workbook.
    from openpyxl import load_workbook  # noqa: PLC0415 - see above

    _check_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            if not book.worksheets:
                raise Invalid({"list": "The workbook has no sheet with cells."})
            rows = [[_cell(value) for value in row] for row in book.worksheets[0].iter_rows(
                max_row=MOST_SHEET_ROWS, max_col=MOST_COLUMNS, values_only=True)]
        finally:
            book.close()
    except Invalid:
        raise
    except Exception:
        # The library has no error of its own for what is broken inside: keys, values, XML and more.
        raise Invalid({"list": _NOT_READ}) from None
    while rows and not any(rows[-1]):
        rows.pop()
    if rows and not any(rows[0]):
        raise Invalid({"list": "The first row of the sheet is empty. It must name the columns."})
    return _as_csv(rows)


def _check_archive(data: bytes) -> None:
    """Refuse, before anything is unpacked by a library, what would unpack to more than a list can be.

    An archive cannot lie here: reading a part ends at the size it declares.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise Invalid({"list": "The workbook is too large. Keep the list alone in it, or save it as CSV."})
            for part in parts:
                # No office program writes one; it could define entities that grow without end.
                if part.filename.endswith((".xml", ".rels")) and _has_doctype(archive, part):
                    raise Invalid({"list": _NOT_READ})
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
            zlib.error):
        raise Invalid({"list": _NOT_READ}) from None


def _has_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with archive.open(part) as file:
        start = file.read(4096)
    # UTF-16 puts a zero byte beside each letter.
    return b"<!DOCTYPE" in start.replace(b"\0", b"").upper()


def _cell(value: Any) -> str:
    """What the cell shows, in one line."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, datetime | date):
        value = value.isoformat()
    return one_line(str(value))[:MOST_CELL]


def _as_csv(rows: list[list[str]]) -> str:
    width = max((index + 1 for row in rows for index, cell in enumerate(row) if cell), default=0)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for row in rows:
        writer.writerow(row[:width])
    return written.getvalue()
