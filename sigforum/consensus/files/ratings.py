"""Ratings from a CSV: one row a person, one column an item, blank for no answer, X for outside my expertise."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sigforum.consensus.files.table import (
    GROUP_HEADERS,
    FileProblem,
    Table,
    named_columns,
    names_people,
    people_in,
    read_table,
    whole_number,
)
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.scale import Scale

OUTSIDE = "x"
# A rating, X, or nothing.
Answer = int | str | None


@dataclass(frozen=True)
class RatingSheet:
    """Everybody's answers: `answers` has a row a person and a column an item."""

    people: tuple[str, ...]
    items: tuple[str, ...]
    answers: tuple[tuple[Answer, ...], ...]
    scale: Scale
    # Whether the file names its people; a row's number says nothing about who stands in it.
    is_named: bool = True
    # Everybody's stakeholder group, where the file has a column for it.
    groups: tuple[str, ...] = ()

    def panel(self, item: str) -> RatingPanel:
        """The panel on one item; everybody in the file is invited and entitled."""
        given = self._columns[self.items.index(item)]
        by_group: dict[str, list[int]] = {}
        for group, answer in zip(self.groups, given, strict=True) if self.groups else ():
            if isinstance(answer, int):
                by_group.setdefault(group or "No group", []).append(answer)
        return RatingPanel(tuple(sorted([answer for answer in given if isinstance(answer, int)])),
                           scale_min=self.scale.minimum, scale_max=self.scale.maximum, entitled=len(given),
                           invited=len(given), outside_expertise=given.count(OUTSIDE),
                           groups=tuple((name, tuple(own)) for name, own in by_group.items()))

    @cached_property
    def _columns(self) -> tuple[tuple[Answer, ...], ...]:
        return tuple(zip(*self.answers, strict=True)) or tuple(() for _ in self.items)

    def by_person(self, item: str) -> dict[str, int]:
        """The ratings of one item by who gave them."""
        place = self.items.index(item)
        return {person: answer for person, row in zip(self.people, self.answers, strict=True)
                if isinstance(answer := row[place], int)}

    @property
    def rows(self) -> list[list[int | None]]:
        """Ratings alone, None where somebody gave none or stands outside: what measures of agreement take."""
        return [[answer if isinstance(answer, int) else None for answer in row] for row in self.answers]


def read_ratings(data: bytes, *, scale: Scale) -> RatingSheet:
    """The ratings in a file; raises FileProblem by row and column."""
    table = read_table(data)
    people, places = people_in(table)
    column = group_column(table, places)
    groups = tuple(row.cells[column] for row in table.rows) if column is not None else ()
    places = [place for place in places if place != column]
    items = named_columns(table, places, what="an item")
    answers = tuple(tuple(_answer(row.cells[place], row.number, item, scale)
                          for place, item in zip(places, items, strict=True)) for row in table.rows)
    return RatingSheet(tuple(people), tuple(items), answers, scale, is_named=names_people(table),
                       groups=groups)


def group_column(table: Table, places: Sequence[int]) -> int | None:
    """The column of stakeholder groups: headed so, and with a word in it somewhere; one of numbers alone is an item."""
    return next((place for place in places if table.header[place].casefold() in GROUP_HEADERS and any(
        row.cells[place] and not row.cells[place].lstrip("-").isdecimal() and row.cells[place].casefold() != OUTSIDE
        for row in table.rows)), None)


def parse_scale(text: str) -> Scale:
    """A scale as it is written on the command line, 1-9; raises FileProblem."""
    low, dash, high = text.strip().removeprefix("-").partition("-")
    sign = -1 if text.strip().startswith("-") else 1
    try:
        return Scale(sign * int(low), int(high) if dash else 0)
    except ValueError:
        raise FileProblem(f"“{text}” is no scale; write it as 1-9.") from None


def _answer(cell: str, row: int, item: str, scale: Scale) -> Answer:
    if not cell:
        return None
    if cell.casefold() == OUTSIDE:
        return OUTSIDE
    rating = whole_number(cell, row=row, column=item)
    if not scale.contains(rating):
        raise FileProblem(f"{rating} is not on the scale from {scale}.", row=row, column=item)
    return rating


def both_rounds(earlier: RatingSheet, later: RatingSheet) -> Sequence[str]:
    """The items that stand in both rounds; raises FileProblem where there are none."""
    shared = [item for item in later.items if item in earlier.items]
    if not shared:
        raise FileProblem("The two files have no item in common.")
    return shared


def check_named(earlier: RatingSheet, later: RatingSheet) -> None:
    """Raises FileProblem where a file does not name its people: rows of one number need not be of one person."""
    if not (earlier.is_named and later.is_named):
        which = "earlier" if later.is_named else "later"
        raise FileProblem(f"The people of the {which} round have no names, so nobody can be found again in the other. "
                          "Both files need a first column that is headed person, id, name or the like.")
