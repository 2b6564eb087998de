"""A panel on many items: who put which item into which category, with answers that may be missing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# One row a person, one answer an item, None where the person gave none.
PanelRows = Sequence[Sequence[int | None]]


@dataclass(frozen=True)
class PanelTable:
    """`counts` has one row an item: how many people chose each of the rising `categories`."""

    categories: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]
    people: int

    @property
    def paired(self) -> tuple[tuple[int, ...], ...]:
        """The items on which at least two people answered: only these can agree or not."""
        return tuple(row for row in self.counts if sum(row) >= 2)


def panel_table(rows: PanelRows, *, categories: Sequence[int] | None = None) -> PanelTable:
    """The table of some people's answers; `categories` are those found unless a scale is named.

    Raises ValueError for rows of different lengths or an answer outside the named categories.
    """
    if len({len(row) for row in rows}) > 1:
        raise ValueError("everybody has an answer, or none, on the same items")
    found = sorted({answer for row in rows for answer in row if answer is not None})
    chosen = tuple(sorted(set(found if categories is None else categories)))
    strays = set(found) - set(chosen)
    if strays:
        raise ValueError(f"answer {min(strays)} is not among the categories")
    columns = [Counter(column) for column in zip(*rows, strict=True)]
    return PanelTable(categories=chosen, people=len(rows),
                      counts=tuple(tuple(column[category] for category in chosen) for column in columns))
