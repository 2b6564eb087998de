"""Krippendorff's alpha: agreement of any number of people on many items, with answers that may be missing."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

from sigforum.consensus.gwet import Agreement
from sigforum.consensus.panel_table import PanelRows, PanelTable, panel_table


class Level(StrEnum):
    """What a difference between two answers means."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


def krippendorff_alpha(rows: PanelRows, *, level: Level | str = Level.NOMINAL) -> Agreement:
    """1 - (disagreement found) / (disagreement by chance) of answers, one row a person, None where one is missing.

    Items with fewer than two answers are left out. Differences are 0 or 1 (nominal), by the people between two ranks
    (ordinal), or by the square of the distance (interval). None where all answers are the same: nothing could have
    differed. Exact until the end. Errors as `panel_table`. Source: Krippendorff, "Computing Krippendorff's
    alpha-reliability" (2011); "Content analysis", 3rd ed. (2013), chapter 12.
    """
    return alpha_of_table(panel_table(rows), level=level)


def alpha_of_table(table: PanelTable, *, level: Level | str = Level.NOMINAL) -> Agreement:
    """`krippendorff_alpha` of a table that is counted already (same source)."""
    chosen = Level(level)
    name = f"Krippendorff's alpha ({chosen.value})"
    paired = table.paired
    totals = [sum(column) for column in zip(*paired, strict=True)]
    apart = _four_differences(table.categories, totals, chosen)
    answers = sum(totals)
    # Both are four times as large, like the differences, and sums over pairs of categories taken once.
    found = sum((Fraction(_pairs_apart(row, apart), sum(row) - 1) for row in paired), Fraction(0))
    chance = _pairs_apart(totals, apart)
    if not chance:
        return Agreement(name, None, None, None, items=len(paired), people=table.people, is_unanimous=bool(paired))
    return Agreement(name, float(1 - (answers - 1) * found / chance), float(found / (2 * answers)),
                     chance / (2 * answers * (answers - 1)), items=len(paired), people=table.people)


def _pairs_apart(counts: Sequence[int], apart: Sequence[tuple[int, int, int]]) -> int:
    return sum(counts[one] * counts[other] * difference for one, other, difference in apart)


def _four_differences(categories: Sequence[int], totals: Sequence[int], level: Level) -> list[tuple[int, int, int]]:
    """Every pair of categories with four times its squared difference, which is a whole number at each level."""
    if not totals:
        return []

    def squared(one: int, other: int) -> int:
        if level is Level.NOMINAL:
            return 4
        if level is Level.INTERVAL:
            return 4 * (categories[other] - categories[one]) ** 2
        return (2 * sum(totals[one:other + 1]) - totals[one] - totals[other]) ** 2

    return [(one, other, squared(one, other)) for one, other in combinations(range(len(categories)), 2)]
