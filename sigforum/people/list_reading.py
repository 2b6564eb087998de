"""A list of people as text: what its bytes mean, and its cells with the line of each."""

import codecs
import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass

from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import code
from sigforum.people.typed_addresses import address_lines, is_address_list

_DELIMITERS = ",;\t|"
# The first line by which some spreadsheets tell each other what parts the cells.
_SEPARATOR_LINE = re.compile(r"\"?sep=(?P<sign>.|\\t)\"?[,;\t|]*", re.IGNORECASE)
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class TableRow:
    """The cells of a row, and the line that it ends in."""

    line: int
    cells: list[str]


def decode_upload(data: bytes) -> str:
    """The text of an uploaded list: UTF-8, or UTF-16 with its mark. Raises Invalid for anything else."""
    if data.startswith(_OLD_WORKBOOK):
        raise Invalid({"list": "This is an old workbook (.xls). Save it as .xlsx, or as CSV UTF-8."})
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Invalid({"list": "The file is not UTF-8 text. In a spreadsheet, choose "
                               f"'CSV UTF-8' when saving (byte {problem.start + 1} is not UTF-8)."}) from None
    if "\0" in text:
        raise Invalid({"list": "The file is not text. Save the list as CSV and upload that."})
    return text


def table(text: str, *, columns: Collection[str]) -> list[TableRow]:
    """The rows of a list, the first of which names the columns. Addresses copied from a mail get that row.

    `columns` are the names that columns may have, in small letters. Raises Invalid for what is no table.
    """
    lines = text.strip("\ufeff\r\n ").replace("\r\n", "\n").replace("\r", "\n")
    before = text[:len(text) - len(text.lstrip("\ufeff\r\n "))].count("\n")
    first, _, rest = lines.partition("\n")
    told = _SEPARATOR_LINE.fullmatch(first.strip())
    if told:
        before, lines = before + 1, rest
    if is_address_list(lines):
        found = list(address_lines(lines))
        # Where several stand in one line, each is named by its place in the list.
        has_lines = len({line for line, *_ in found}) == len(found)
        return [TableRow(0, ["name", "email"]), *(
            TableRow(before + line if has_lines else place, [name, address])
            for place, (line, name, address) in enumerate(found, start=1))]
    delimiter = told["sign"].replace("\\t", "\t") if told else _delimiter(lines, columns)
    rows = _rows(lines, delimiter, before)
    named = next((place for place, row in enumerate(rows) if any(map(str.strip, row.cells))), 0)
    return rows[named:]


def _rows(lines: str, delimiter: str, before: int) -> list[TableRow]:
    """Every row; `before` lines were cut off above them. Raises Invalid, also where a quotation mark is left open."""
    rows: list[TableRow] = []
    reader, raw = csv.reader(io.StringIO(lines), delimiter=delimiter, skipinitialspace=True), lines.split("\n")
    while True:
        start = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error as problem:
            raise Invalid({"list": f"Line {before + reader.line_num} cannot be read as CSV: {problem}."}) from None
        if _is_left_open("\n".join(raw[start:reader.line_num]), delimiter, is_long=reader.line_num > start + 1):
            raise Invalid({"list": f"Line {before + start + 1}: is a quotation mark not closed? People in the lines "
                                   "behind it would be lost."})
        rows.append(TableRow(before + reader.line_num, cells))


def _is_left_open(row: str, delimiter: str, *, is_long: bool) -> bool:
    """Whether a mark opened in this row is not closed where its cell ends. Words behind a closed one, as in
    `"Ann" Smith`, are no harm while the row is one line."""
    try:
        list(csv.reader(io.StringIO(row), delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error as problem:
        return is_long or "end of data" in str(problem)
    return False


def _delimiter(lines: str, columns: Collection[str]) -> str:
    """The sign that cuts the first line into most names of columns; the one that stands most often there, if none
    does."""
    first = lines.split("\n", 1)[0]

    def fits(sign: str) -> tuple[int, int]:
        cells = next(csv.reader([first], delimiter=sign, skipinitialspace=True), [])
        return sum(code(cell).casefold() in columns for cell in cells), first.count(sign)
    return max(_DELIMITERS, key=fits)
