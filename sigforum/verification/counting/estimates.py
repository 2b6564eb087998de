"""Numeric estimates: nothing but their number under three, else middle, quartiles, ends and a histogram."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count as counting_up
from typing import Any

from sigforum.verification.counting.paper import Count, line, result, turnout_numbers
from sigforum.verification.exact import HALF, QUARTER, quantile
from sigforum.verification.matching import Words

FEWEST, MOST_BINS = 3, 8
SHOWN = ("median", "iqr", "lower_quartile", "upper_quartile", "lowest", "highest", "bins")


def count_numeric(count: Count) -> dict[str, Any]:
    """Every quantity by itself, its estimates read as the decimals that were typed."""
    return result(count, [_line(option, count) for option in count.options], text=Words(turnout_numbers(count)))


def _line(option: Mapping[str, Any], count: Count) -> dict[str, Any]:
    key = option["key"]
    numbers = [Fraction(str(answer["estimates"][key])) for answer in count.answers
               if key in answer.get("estimates", {})]
    outside = sum(1 for answer in count.answers if "estimates" in answer and key in answer["outside"])
    figures: dict[str, Any] = dict.fromkeys(SHOWN)
    if len(numbers) >= FEWEST:
        low, middle, high = (quantile(numbers, share) for share in (QUARTER, HALF, 3 * QUARTER))
        figures = {"median": middle, "iqr": round(high - low, 6), "lower_quartile": low, "upper_quartile": high,
                   "lowest": min(numbers), "highest": max(numbers), "bins": list(_bins(numbers))}
    return line(option, answered=len(numbers) + outside,
                figures=figures | {"estimates": len(numbers), "outside": outside})


def _bins(numbers: Sequence[Fraction]) -> Iterator[list[Fraction | int]]:
    """At most eight bins of the narrowest width among 1, 2, 2.5 and 5 times a power of ten; the last one is closed."""
    lowest, highest = min(numbers), max(numbers)
    if lowest == highest:
        yield [lowest, highest, len(numbers)]
        return
    width, start = next((width, start) for width in _widths() for start in [lowest - lowest % width]
                        if start + MOST_BINS * width >= highest)
    edge = start
    while edge < highest:
        above = edge + width
        is_last = above >= highest
        yield [edge, above, sum(edge <= one < above or (is_last and one == above) for one in numbers)]
        edge = above


def _widths() -> Iterator[Fraction]:
    for power in counting_up(-6):
        for step in (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5)):
            yield step * Fraction(10) ** power
