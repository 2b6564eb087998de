"""Which rows and columns of a workbook's sheet nobody sees (hidden, filtered away, or without height), and which cells
are one for several rows."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, iterparse

# More is never read of a sheet.
_MOST_COLUMNS, MOST_ROWS_READ = 100, 11_000


@dataclass(frozen=True, kw_only=True)
class Merged:
    """A cell of one column that reaches over several rows, counted from 1."""

    column: int
    first_row: int
    last_row: int


@dataclass(kw_only=True)
class Hidden:
    """Numbers of hidden rows and columns, counted from 1, and cells that reach over several rows."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    merged: list[Merged] = field(default_factory=list)


def hidden_parts(data: bytes, path: str) -> Hidden:
    """What is hidden in a sheet of a checked archive; the library that reads the cells does not say it. Parts with a
    document type were refused before, so that there are no entities to unfold."""
    found, number = Hidden(), 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(path.lstrip("/")) as part:
        for _, element in iterparse(part, events=("end",)):
            name = element.tag.rpartition("}")[2]
            if name == "col" and _is_hidden(element, size="width"):
                first, last = int(element.get("min", "1")), int(element.get("max", "1"))
                found.columns |= set(range(first, min(last, _MOST_COLUMNS) + 1))
            elif name == "row":
                # A row without a number follows the one before it.
                number = int(element.get("r", str(number + 1)))
                if number > MOST_ROWS_READ:
                    break
                if _is_hidden(element, size="ht"):
                    found.rows.add(number)
                element.clear()
            elif name == "c":
                element.clear()
            elif name == "mergeCell" and len(found.merged) < MOST_ROWS_READ:
                found.merged += _merged(element.get("ref", ""))
    return found


def _merged(ref: str) -> list[Merged]:
    """A1:A3, and nothing for cells that are one over several columns alone."""
    ends = re.fullmatch(r"([A-Z]{1,2})(\d{1,7}):([A-Z]{1,2})(\d{1,7})", ref)
    if ends is None or ends[1] != ends[3] or ends[2] == ends[4]:
        return []
    column = 0
    for letter in ends[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return [Merged(column=column, first_row=int(ends[2]), last_row=int(ends[4]))]


def _is_hidden(element: Element, *, size: str) -> bool:
    return element.get("hidden") in ("1", "true") or element.get(size) in ("0", "0.0")
