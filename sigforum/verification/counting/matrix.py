"""Comparisons: the median of every cell, whether it is split, and the mean of an option's medians."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sigforum.verification.counting.paper import OUTSIDE, Count, line, result
from sigforum.verification.exact import median, middle_half
from sigforum.verification.matching import Words, rounded


def count_matrix(count: Count) -> dict[str, Any]:
    """All criteria weigh the same."""
    return result(count, [_line(option, count) for option in count.options],
                  text=Words((len(count.answers), count.entitled), goes_on=True))


def _line(option: Mapping[str, Any], count: Count) -> dict[str, Any]:
    rows = [answer["ratings"][option["key"]] for answer in count.answers
            if option["key"] in answer.get("ratings", {})]
    names = [f"c{place}" for place, _ in enumerate(count.settings["criteria"].splitlines(), start=1)]
    cells = {name: _cell([row[name] for row in rows], count) for name in names}
    medians = [cell["median"] for cell in cells.values()]
    mean = None if None in medians else Fraction(sum(medians), len(medians))
    words = {name: _cell_words(cell) for name, cell in cells.items()}
    return line(option, answered=len(rows), figures={
        **words, "mean": mean, "outside": sum(cell["outside"] for cell in cells.values()), "cells": cells})


def _cell(values: Sequence[int | str], count: Count) -> dict[str, Any]:
    ratings = [value for value in values if value != OUTSIDE and not isinstance(value, str)]
    spread = middle_half(ratings) if ratings else None
    width = count.settings["scale_max"] - count.settings["scale_min"]
    return {"median": median(ratings) if ratings else None, "iqr": spread, "rated": len(ratings),
            "outside": len(values) - len(ratings), "is_split": spread is not None and 2 * spread >= width}


def _cell_words(cell: Mapping[str, Any]) -> Words | None:
    if cell["median"] is None:
        return None
    return Words((rounded(cell["median"], decimals=2), cell["rated"]))
