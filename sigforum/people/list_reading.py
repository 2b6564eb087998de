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
    reader = csv.reader(io.StringIO(lines), delimiter=delimiter, skipinitialspace=True)
    try:
        rows = [TableRow(before + reader.line_num, cells) for cells in reader]
    except csv.Error as problem:
        raise Invalid({"list": f"Line {before + reader.line_num} cannot be read as CSV: {problem}."}) from None
    named = next((place for place, row in enumerate(rows) if any(map(str.strip, row.cells))), 0)
    return rows[named:]


def _delimiter(lines: str, columns: Collection[str]) -> str:
    """The sign that cuts the first line into most names of columns; the one that stands most often there, if none
    does."""
    first = lines.split("\n", 1)[0]

    def fits(sign: str) -> tuple[int, int]:
        cells = next(csv.reader([first], delimiter=sign, skipinitialspace=True), [])
        return sum(code(cell).casefold() in columns for cell in cells), first.count(sign)
    return max(_DELIMITERS, key=fits)
