"""Lists of people from workbooks (XLSX): the first sheet's cells as CSV text, within limits that no bomb gets past."""

import csv
import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import one_line
from sigforum.people.hidden_cells import MOST_ROWS_READ, Hidden, Merged, hidden_parts
from sigforum.people.shown_cells import shown

MOST_PARTS, MOST_BYTES = 500, 25_000_000
MOST_SHEET_ROWS, MOST_COLUMNS = MOST_ROWS_READ, 40
# A cell that holds more is no name, and the list of errors would repeat it.
MOST_CELL = 2_000
# So many hidden rows are told of one by one.
_MOST_TOLD = 20
_NOT_READ = ("The file cannot be read as a workbook (.xlsx). Save it again in your spreadsheet program, "
             "or save it as CSV UTF-8.")


def is_workbook(data: bytes) -> bool:
    """Whether an upload is a ZIP archive, as every XLSX file is."""
    return data.startswith(b"PK\x03\x04")


@dataclass(frozen=True, kw_only=True)
class WorkbookList:
    """The list in a workbook as CSV, and what of the workbook nobody sees and was left out, in words."""

    text: str
    left_out: tuple[str, ...] = ()


def workbook_text(data: bytes) -> str:
    """The first sheet that can be seen as CSV, without what is hidden in it. Raises Invalid for anything else."""
    return workbook_list(data).text


def workbook_list(data: bytes) -> WorkbookList:
    """The first sheet that can be seen; the line of a row is its number in the sheet. Whoever hides a row or a column
    means that it is not to be used: it is left out, and said. Raises Invalid for what is no workbook."""
    # It loads numpy, which the web process shall not carry for the few who bring a workbook.
    from openpyxl import load_workbook  # noqa: PLC0415 - see above

    _check_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            sheet, left_out = _chosen_sheet(book)
            hidden = hidden_parts(data, sheet._worksheet_path)
            rows = [[_cell(cell) for cell in row] for row in sheet.iter_rows(
                max_row=MOST_SHEET_ROWS, max_col=MOST_COLUMNS)]
        finally:
            book.close()
    except Invalid:
        raise
    except Exception:
        # The library has no error of its own for what is broken inside: keys, values, XML and more.
        raise Invalid({"list": _NOT_READ}) from None
    _fill_merged(rows, hidden.merged)
    left_out += _without_hidden(rows, hidden)
    while rows and not any(rows[-1]):
        rows.pop()
    if rows and not any(rows[0]):
        raise Invalid({"list": "The first row of the sheet is empty. It must name the columns."})
    return WorkbookList(text=_as_csv(rows), left_out=tuple(left_out))


def _chosen_sheet(book: Any) -> tuple[Any, list[str]]:
    """The first sheet that can be seen, and what to say of hidden ones before it."""
    sheets = book.worksheets
    seen = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if not seen:
        raise Invalid({"list": "The workbook has no sheet with cells that can be seen."})
    before = [sheet.title for sheet in sheets[:sheets.index(seen[0])]]
    said = f"Hidden sheets before “{seen[0].title}” are left out: {', '.join(before)}." if before else ""
    return seen[0], [said] if said else []


def _without_hidden(rows: list[list[str]], hidden: Hidden) -> list[str]:
    """Empty what is hidden, so that lines keep their numbers, and say what it was."""
    said = []
    columns = sorted(index for index in hidden.columns if any(index <= len(row) and row[index - 1] for row in rows))
    if columns:
        names = [rows[0][index - 1] or f"number {index}" for index in columns]
        said.append(f"Hidden columns are left out: {', '.join(names)}.")
    told = [index for index in sorted(hidden.rows) if index <= len(rows) and any(rows[index - 1])]
    if told:
        found = [f"row {index} ({', '.join(filter(None, rows[index - 1][:3]))})" for index in told[:_MOST_TOLD]]
        more = f" and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
        said.append(f"Hidden rows are left out: {'; '.join(found)}{more}.")
    for index in told:
        rows[index - 1] = [""] * len(rows[index - 1])
    for row in rows:
        for index in columns:
            if index <= len(row):
                row[index - 1] = ""
    return said


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


def _cell(cell: Any) -> str:
    """What the cell shows, in one line."""
    # A cell that is not written in the file has no format.
    return one_line(shown(cell.value, getattr(cell, "number_format", None) or "General"))[:MOST_CELL]


def _fill_merged(rows: list[list[str]], merged: list[Merged]) -> None:
    """Write what stands in one cell over several rows into each of them, as it is read."""
    for part in merged:
        for index in range(part.first_row, min(part.last_row, len(rows))):
            row, above = rows[index], rows[part.first_row - 1]
            if part.column <= min(len(row), len(above)) and not row[part.column - 1] and any(row):
                row[part.column - 1] = above[part.column - 1]


def _as_csv(rows: list[list[str]]) -> str:
    width = max((index + 1 for row in rows for index, cell in enumerate(row) if cell), default=0)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for row in rows:
        writer.writerow(row[:width])
    return written.getvalue()
