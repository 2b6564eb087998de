"""A table from a file: text that is really text, one header, and cells that can be named when one is wrong."""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sigforum.kernel.errors import Invalid

UTF_8, WINDOWS = "UTF-8", "Windows-1252"
MAX_BYTES = 64 * 1024 * 1024
DELIMITERS = ",;\t"
PERSON_HEADERS = frozenset({"", "person", "people", "participant", "participants", "panelist", "panellist", "name",
                            "id", "rater", "expert", "voter", "voter-id", "person-id", "respondent"})
GROUP_HEADERS = frozenset({"group", "groups", "stakeholder group", "stakeholder_group", "stakeholder"})
COUNT_HEADERS = frozenset({"count", "ballots", "weight"})
UNCLOSED = "A quotation mark is opened here and not closed in its cell, so what stands behind it would be lost."


class FileProblem(Invalid):
    """Something in a file that cannot be read, by row and column where there are any."""

    def __init__(self, what: str, *, row: int | None = None, column: str | None = None) -> None:
        where = ", ".join([*([f"row {row}"] if row is not None else []),
                           *([f"column “{column}”"] if column is not None else [])])
        super().__init__({"": f"{where}: {what}" if where else what})


@dataclass(frozen=True)
class Row:
    """One line of the table: its number in the file, and its cells by column."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A header and the rows under it, blank ones left out; every row has a cell for each column."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, *names: str) -> int | None:
        """The place of the first column that has one of these names, in any case."""
        return next((place for place, name in enumerate(self.header) if name.casefold() in names), None)


def read_text(data: bytes) -> str:
    """The file as text; raises FileProblem for an empty, an enormous or a binary one."""
    if not data.strip():
        raise FileProblem("The file is empty.")
    if len(data) > MAX_BYTES:
        raise FileProblem(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    if b"\0" in data:
        raise FileProblem("This is not a text file.", row=data[:data.index(b"\0")].count(b"\n") + 1)
    return decoded(data)[0]


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8, or else Windows-1252, in which older lists were written and every
    byte but five means something; raises FileProblem for those."""
    try:
        return data.decode("utf-8-sig"), UTF_8
    except UnicodeDecodeError as problem:
        row = data[:problem.start].count(b"\n") + 1
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise FileProblem("The text is not in UTF-8.", row=row) from None
    try:
        return data.decode("cp1252"), WINDOWS
    except UnicodeDecodeError:
        raise FileProblem("The text is neither in UTF-8 nor in Windows-1252.", row=row) from None


def encoding_words(data: bytes) -> str:
    """A line for readers where a file is not in UTF-8, so that a wrong letter is no riddle; else empty."""
    if not data or decoded(data)[1] == UTF_8:
        return ""
    return "The file is not in UTF-8; it was read as Windows-1252. Look whether the names are right."


def read_table(data: bytes) -> Table:
    """The table in a CSV file with commas, semicolons or tabs; raises FileProblem.

    Blank lines are passed over. A row may have fewer cells than the header, the rest are blank, but not more.
    """
    text = read_text(data)
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    lines = _lines(text, delimiter)
    header = next(lines, None)
    if header is None:
        raise FileProblem("The file is empty.")
    names = tuple(cell.strip() for cell in header.cells)
    for place, name in enumerate(names):
        if name in names[:place]:
            raise FileProblem("A column of this name stands in the table already.", row=header.number, column=name)
    rows = []
    for row in lines:
        if len(row.cells) > len(names) and any(cell.strip() for cell in row.cells[len(names):]):
            raise FileProblem(f"There are {len(row.cells)} cells under {len(names)} columns.", row=row.number)
        cells = [cell.strip() for cell in row.cells[:len(names)]]
        rows.append(Row(row.number, (*cells, *[""] * (len(names) - len(cells)))))
    if not rows:
        raise FileProblem("There is a header and nobody under it.")
    return Table(names, tuple(rows))


def names_people(table: Table) -> bool:
    """Whether the first column holds the people."""
    return table.header[0].casefold() in PERSON_HEADERS


def people_in(table: Table) -> tuple[list[str], list[int]]:
    """Who stands in each row, and the places of the other columns.

    The first column names the people where its header says so; otherwise they are numbered. Raises FileProblem for a
    person with two rows, or without a name among people who have one.
    """
    if not names_people(table):
        return [str(place) for place in range(1, len(table.rows) + 1)], list(range(len(table.header)))
    first: dict[str, int] = {}
    for row in table.rows:
        person = row.cells[0]
        if not person:
            raise FileProblem("Nobody is named here.", row=row.number, column=table.header[0])
        if person in first:
            raise FileProblem(f"“{person}” stands in row {first[person]} already.", row=row.number,
                              column=table.header[0])
        first[person] = row.number
    return list(first), list(range(1, len(table.header)))


def named_columns(table: Table, places: Sequence[int], *, what: str) -> list[str]:
    """The names of some columns; raises FileProblem where there are none, or one has no name."""
    if not places:
        raise FileProblem(f"There is no column with {what}.")
    for place in places:
        if not table.header[place]:
            raise FileProblem(f"Column {place + 1} has no name.", row=1)
    return [table.header[place] for place in places]


def whole_number(cell: str, *, row: int, column: str | None = None) -> int:
    """A whole number in a cell; raises FileProblem."""
    try:
        # Python would read 1_0 as ten.
        if "_" in cell:
            raise ValueError(cell)
        return int(cell)
    except ValueError:
        shown = cell if len(cell) <= 20 else f"{cell[:20]}…"
        raise FileProblem(f"“{shown}” is no whole number.", row=row, column=column) from None


def _lines(text: str, delimiter: str) -> Iterator[Row]:
    # Without `strict` a quotation mark that is never closed would make one cell of all rows behind it.
    reader, columns = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 0
    while True:
        # A quoted cell can run over several lines; the row is named by its first one.
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise FileProblem(_unreadable(problem, several=reader.line_num > number), row=number) from None
        if columns and _swallows(cells, delimiter, columns):
            raise FileProblem(UNCLOSED, row=number)
        if any(cell.strip() for cell in cells):
            columns = columns or len(cells)
            yield Row(number, tuple(cells))


def _unreadable(problem: csv.Error, *, several: bool) -> str:
    """What is wrong in words; a mark left open shows at the end of the file, or at the next mark."""
    return UNCLOSED if several or "end of data" in str(problem) else f"This is no CSV: {problem}."


def _swallows(cells: Sequence[str], delimiter: str, columns: int) -> bool:
    """Whether a cell took cells or whole rows in: the row is too short by what it holds, or goes on over lines one of
    which looks like the rest of a row, with a number at its end."""
    is_short = len(cells) < columns
    for place, cell in enumerate(cells):
        lines = cell.splitlines()
        if is_short and len(lines) > 1:
            return True
        for number, line in enumerate(lines):
            parts = line.split(delimiter)
            fits = len(parts) == columns - (place if number == 0 else 0)
            if (is_short or len(lines) > 1) and len(parts) > 1 and fits and parts[-1].strip().lstrip("-").isdecimal():
                return True
    return False
