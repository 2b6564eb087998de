"""Krippendorff's alpha: agreement of any number of people on many items, with answers that may be missing."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from sigforum.consensus.gwet import Agreement
from sigforum.consensus.panel_table import PanelRows, panel_table


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
    chosen = Level(level)
    table = panel_table(rows)
    name = f"Krippendorff's alpha ({chosen.value})"
    paired = table.paired
    size = range(len(table.categories))
    together = [[Fraction(0) for _ in size] for _ in size]
    for row in paired:
        people = sum(row)
        for one in size:
            for other in size:
                if row[one] and row[other]:
                    together[one][other] += Fraction(row[one] * (row[other] - (one == other)), people - 1)
    totals = [sum(line, Fraction(0)) for line in together]
    apart = _differences(table.categories, totals, chosen)
    answers = sum(totals, Fraction(0))
    found = sum((together[one][other] * apart[one][other] for one in size for other in size), Fraction(0))
    chance = sum((totals[one] * totals[other] * apart[one][other] for one in size for other in size), Fraction(0))
    if not chance:
        return Agreement(name, None, None, None, items=len(paired), people=table.people)
    return Agreement(name, float(1 - (answers - 1) * found / chance), float(found / answers),
                     float(chance / (answers * (answers - 1))), items=len(paired), people=table.people)


def _differences(categories: Sequence[int], totals: Sequence[Fraction], level: Level) -> list[list[Fraction]]:
    size = range(len(categories))

    def squared(one: int, other: int) -> Fraction:
        if level is Level.NOMINAL:
            return Fraction(int(one != other))
        if level is Level.INTERVAL:
            return Fraction((categories[one] - categories[other]) ** 2)
        low, high = min(one, other), max(one, other)
        return (sum(totals[low:high + 1], Fraction(0)) - (totals[one] + totals[other]) / 2) ** 2

    return [[squared(one, other) for other in size] for one in size]
