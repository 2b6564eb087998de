"""Ranks of numbers in which equal ones share the mean of the places that they fill."""

from collections import Counter
from collections.abc import Sequence

from sigforum.consensus.percentiles import Number


def doubled_mid_ranks(values: Sequence[Number]) -> tuple[int, ...]:
    """Twice the mid-rank of every value, 1 for the lowest: mid-ranks are exact to the half, so these are whole.

    Source: Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945) 239-251.
    """
    places: dict[Number, int] = {}
    before = 0
    for value, count in sorted(Counter(values).items()):
        places[value] = 2 * before + count + 1
        before += count
    return tuple(places[value] for value in values)


def tie_correction(values: Sequence[Number]) -> int:
    """The sum of t³ - t over every group of t equal values (same source)."""
    return sum(size**3 - size for size in Counter(values).values())
