"""Tables of plain values for programs: each column with its name, its meaning and how its numbers are written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sigforum.summaries.document.summary import Summary

Read = TypeVar("Read", bound=Summary, contravariant=True)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column; `form` is the number format, empty for words."""

    name: str
    meaning: str
    width: int = 12
    form: str = ""


@dataclass(frozen=True, kw_only=True)
class DataTable(Generic[Read]):
    """A sheet of the workbook and, one row a cell, a section of the CSV file.

    Every row begins with the code of its forum session, empty where it speaks of the meeting. `item` is the place of
    the column that identifies a row within its session, and `part_of` that of what holds it.
    """

    name: str
    section: str
    columns: tuple[Column, ...]
    rows: Callable[[Read], Iterator[tuple[Any, ...]]]
    item: int = 1
    part_of: int | None = None


def words(name: str, meaning: str, width: int = 14) -> Column:
    """A column of words."""
    return Column(name=name, meaning=meaning, width=width)


def count(name: str, meaning: str) -> Column:
    """A column of whole numbers."""
    return Column(name=name, meaning=meaning, form="0", width=11)


def number(name: str, meaning: str, form: str = "0.##") -> Column:
    """A column of numbers with fractions."""
    return Column(name=name, meaning=meaning, form=form, width=11)


SESSION = words("session", "Code of the forum session", 9)
# What became of those who were invited, as a document names it, and what each column means.
OUTCOMES = (("declined", "People who declined"), ("removed", "People removed before they answered"),
            ("erased", "People whose data was erased before they answered"),
            ("unanswered", "People who have not answered"),
            ("removed_later", "Of those who accepted, removed since"),
            ("erased_later", "Of those who accepted, erased since"))
OUTCOME_COLUMNS = tuple(count(name, meaning) for name, meaning in OUTCOMES)
