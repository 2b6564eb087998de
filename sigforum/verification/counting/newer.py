"""Figures of ratings that rounds under newer terms have: mean, spread, bands, content validity, disagreement index."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from math import factorial
from typing import Any

from sigforum.verification.exact import HALF, median, quantile, thirds

_DIGITS = 40
_BANDS = ((100, "100 %"), (90, "90 to 99 %"), (80, "80 to 89 %"), (0, "under 80 %"))


def is_newer(rule: Mapping[str, Any] | None) -> bool:
    """Whether a rule was stored with a version after the first."""
    return rule is not None and rule.get("version", 1) > 1


def newer_figures(ratings: Sequence[int], lowest: int, highest: int) -> dict[str, Any]:
    """The figures of one statement."""
    people = len(ratings)
    low_to, high_from = thirds(lowest, highest)
    side = max(sum(one >= high_from for one in ratings), sum(one <= low_to for one in ratings))
    found: dict[str, Any] = dict.fromkeys(("mean", "sd", "within_one", "strength"))
    if people:
        middle = median(ratings)
        found |= {"mean": Fraction(sum(ratings), people), "sd": _deviation(ratings),
                  "within_one": sum(middle - 1 <= one <= middle + 1 for one in ratings),
                  "strength": next(words for bound, words in _BANDS if 100 * side >= bound * people)}
    if (lowest, highest) == (1, 9):
        found["disagreement_index"] = _disagreement(ratings) if people else None
    if (lowest, highest) == (1, 4):
        relevant = sum(one > 2 for one in ratings)
        found |= {"i_cvi": Fraction(relevant, people) if people else None,
                  "kappa_star": _kappa(relevant, people) if people else None}
    if (lowest, highest) == (1, 3):
        found["cvr"] = (ratings.count(3) - HALF * people) / (HALF * people) if people else None
    return found


def whole_scale(lines: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The content validity of all statements: the mean of their indices, and the share of those at 1."""
    if (settings["scale_min"], settings["scale_max"]) != (1, 4):
        return {}
    found = [line["figures"]["i_cvi"] for line in lines if line["figures"]["i_cvi"] is not None]
    return {"s_cvi_ave": sum(found, Fraction(0)) / len(found) if found else None,
            "s_cvi_ua": Fraction(found.count(Fraction(1)), len(found)) if found else None}


def _deviation(ratings: Sequence[int]) -> Fraction | None:
    """The root of the mean square of all differences between two people, halved: n - 1 below, as of a sample."""
    people = len(ratings)
    if people < 2:
        return None
    squares = sum((one - other) ** 2 for one in ratings for other in ratings)
    variance = Fraction(squares, 2 * people * (people - 1))
    with localcontext() as context:
        context.prec = _DIGITS
        return Fraction((Decimal(variance.numerator) / variance.denominator).sqrt())


def _disagreement(ratings: Sequence[int]) -> Fraction:
    low, high = (quantile(ratings, Fraction(tenths, 10)) for tenths in (3, 7))
    return (high - low) / (Fraction(47, 20) + Fraction(3, 2) * abs(5 - (low + high) / 2))


def _kappa(relevant: int, people: int) -> Fraction | None:
    ways = Fraction(factorial(people), factorial(relevant) * factorial(people - relevant))
    chance = ways * HALF**people
    return None if chance == 1 else (Fraction(relevant, people) - chance) / (1 - chance)
