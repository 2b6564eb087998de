"""Comparisons: the median of every cell, whether it is split, weighted means, and who leads how often."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from typing import Any

from sigforum.verification.counting.lots import by_lot, mean_by_lot
from sigforum.verification.counting.paper import OUTSIDE, Count, line, result
from sigforum.verification.counting.spread import is_split
from sigforum.verification.counting.weightings import DRAWS, Leads, leads
from sigforum.verification.exact import median, middle_half, thirds
from sigforum.verification.matching import Near, Number, Words, numbers_in, rounded

Cells = Mapping[str, Mapping[str, Any]]


def count_matrix(count: Count) -> dict[str, Any]:
    """Options with an empty cell have no mean: means over different criteria cannot be compared."""
    cells = {option["key"]: _cells(option["key"], count) for option in count.options}
    medians = {key: [cell["median"] for cell in row.values()] for key, row in cells.items()}
    full = {key: row for key, row in medians.items() if None not in row}
    found = leads(full) if len(full) > 1 else None
    extra = count.published.get("extra", {})
    draws = extra.get("draws")
    draws = draws if isinstance(draws, int) and draws > 0 else DRAWS
    lines = [_line(option, cells[option["key"]], count, full.get(option["key"]), found, draws)
             for option in count.options]
    return result(count, lines, text=Words((*_text(count), *_draw_words(found, extra, draws),
                                            *_error_words(count, found, draws), *_dominated(count, full))),
                  extra=_extra(found, extra, draws))


def _names(count: Count) -> list[str]:
    return [f"c{place}" for place, _ in enumerate(count.settings["criteria"].splitlines(), start=1)]


def _weights(count: Count) -> list[int] | None:
    """The weights agreed beforehand, None where they all are the same."""
    given = [int(weight) for weight in count.settings.get("weights", "").split()]
    return given if len(set(given)) > 1 else None


def _cells(key: str, count: Count) -> dict[str, dict[str, Any]]:
    rows = [answer["ratings"][key] for answer in count.answers if key in answer.get("ratings", {})]
    return {name: _cell([row[name] for row in rows], count) for name in _names(count)}


def _cell(values: Sequence[int | str], count: Count) -> dict[str, Any]:
    ratings = [value for value in values if not isinstance(value, str)]
    low_to, high_from = thirds(count.settings["scale_min"], count.settings["scale_max"])
    return {"median": median(ratings) if ratings else None, "iqr": middle_half(ratings) if ratings else None,
            "rated": len(ratings), "outside": values.count(OUTSIDE),
            "is_split": is_split(Counter(ratings), low_to=low_to, high_from=high_from)}


def _line(option: Mapping[str, Any], cells: Cells, count: Count, medians: Sequence[Fraction] | None,
          found: Leads | None, draws: int) -> dict[str, Any]:
    key, weights = option["key"], _weights(count)
    figures: dict[str, Any] = {name: _cell_words(cell) for name, cell in cells.items()}
    figures |= {"mean": None if medians is None else sum(medians) / Fraction(len(medians)),
                "outside": sum(cell["outside"] for cell in cells.values()), "cells": cells}
    if weights:
        figures["weighted"] = None if medians is None else sum(map(Fraction.__mul__, medians, map(
            Fraction, weights))) / Fraction(sum(weights))
    share = found.shares.get(key) if found else None
    match = None if share is None else by_lot(share, published=draws, own=DRAWS)
    figures["leads_share"] = match
    figures["leads"] = None if match is None else Words((Near(100 * match.value, 100 * match.margin + 1),))
    answered = sum(key in answer.get("ratings", {}) for answer in count.answers)
    return line(option, answered=answered, figures=figures)


def _cell_words(cell: Mapping[str, Any]) -> Words | None:
    if cell["median"] is None:
        return None
    return Words((rounded(cell["median"], decimals=2), cell["rated"]))


def _text(count: Count) -> Iterator[Number]:
    """Turnout, the rule for split cells, and the weights with the numbers in the criteria's own words."""
    yield from (len(count.answers), count.entitled, 1, 3, 8)
    for words, weight in zip(count.settings["criteria"].splitlines(), _weights(count) or (), strict=False):
        yield from numbers_in(words)
        yield weight


def _draw_words(found: Leads | None, extra: Mapping[str, Any], draws: int) -> Iterator[Number]:
    """The number of draws with a comma between thousands, and the seed."""
    if found:
        yield from (*numbers_in(f"{draws:,}"), *numbers_in(str(extra.get("seed"))))


def _error_words(count: Count, found: Leads | None, draws: int) -> Iterator[Number]:
    """The largest standard error of a share, and the numbers in the names of options whose shares are level.

    Which are level is read from the shares that were published, as other draws may tell a near pair otherwise; the
    shares themselves are counted again.
    """
    if found is None or count.settings.get("leads_error") != "told":
        return
    yield rounded(Fraction(50 / sqrt(draws)), decimals=1)
    shares = {one["key"]: one["figures"]["leads_share"] for one in count.published.get("lines", [])}
    texts = {option["key"]: str(option["text"]) for option in count.options}
    told = {key: share for key in found.shares if isinstance(share := shares.get(key), int | float)}
    # Shares of draws are told in full, so that options which tie are in the order of the paper.
    for one, other in pairwise(sorted(told, key=lambda key: -told[key])):
        both, apart = told[one] + told[other], told[one] - told[other]
        if both > 0 and apart * apart <= 4 * (both - apart * apart) / draws:
            yield from (*numbers_in(texts[one]), *numbers_in(texts[other]))


def _dominated(count: Count, full: Mapping[str, Sequence[Fraction]]) -> Iterator[Number]:
    """The numbers in the names of options that others equal or pass on every criterion, and of those others."""
    texts = {option["key"]: str(option["text"]) for option in count.options}
    for key, row in full.items():
        better = [other for other, rival in full.items()
                  if rival != row and all(high >= low for high, low in zip(rival, row, strict=True))]
        for one in [key, *better] if better else []:
            yield from numbers_in(texts[one])


def _extra(found: Leads | None, extra: Mapping[str, Any], draws: int) -> dict[str, Any]:
    """Draws and seed are the program's to choose; the weightings under which an option leads are drawn again."""
    if found is None:
        return {}
    said = extra.get("central", {})
    central = {key: [mean_by_lot(part, published=float(draws * found.shares[key]), own=float(DRAWS * found.shares[key]))
                     for part in found.central[key]] for key in said if key in found.central}
    return {"draws": draws, "seed": extra.get("seed"), "central": central}
