"""Bins for numbers that have no scale: even ones with round edges, so that a histogram can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

MOST_BINS = 8
# Widths that people count in, times a power of ten.
ROUND = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5))


@dataclass(frozen=True)
class Bin:
    """How many numbers lie from `low` up to, but not at, `high`; the last bin holds its upper edge too."""

    low: float
    high: float
    count: int


def binned(numbers: Sequence[Fraction]) -> tuple[Bin, ...]:
    """Up to eight bins of one width over the whole range, empty ones included; none for no numbers.

    Exact, so that a number on an edge never falls to the wrong side of it. Equal numbers share one bin.
    Source for round edges: Tukey, "Exploratory data analysis" (1977), on choosing scales.
    """
    if not numbers:
        return ()
    lowest, highest = min(numbers), max(numbers)
    if lowest == highest:
        return (Bin(float(lowest), float(highest), len(numbers)),)
    width, start, size = _round_width(lowest, highest)
    counts = [0] * size
    for number in numbers:
        counts[min(int((number - start) // width), size - 1)] += 1
    return tuple(Bin(float(start + place * width), float(start + (place + 1) * width), many)
                 for place, many in enumerate(counts))


def _round_width(lowest: Fraction, highest: Fraction) -> tuple[Fraction, Fraction, int]:
    """The narrowest round width that is enough, the first edge, and how many bins there are."""
    power = Fraction(10) ** (len(str(int((highest - lowest) / MOST_BINS * 10**4))) - 6)
    for exponent in count():
        for step in ROUND:
            width = step * power * 10**exponent
            start = lowest // width * width
            # The upper edge belongs to the last bin, so a range that ends on an edge needs no further one.
            size = -int(-(highest - start) // width)
            if size <= MOST_BINS:
                return width, start, size
    raise AssertionError("a wide enough width exists")
