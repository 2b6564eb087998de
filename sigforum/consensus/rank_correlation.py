"""Spearman's rho: whether two rows of ratings put people, or options, in the same order."""

from collections.abc import Sequence
from math import sqrt

from sigforum.consensus.mid_ranks import doubled_mid_ranks
from sigforum.consensus.percentiles import number_text


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """The correlation of the mid-ranks of two rows of one length, from -1 to 1.

    None under two pairs, or where one row is all equal. Raises ValueError for different lengths. Source: Spearman,
    "The proof and measurement of association between two things", American Journal of Psychology 15 (1904) 72-101.
    """
    if len(first) != len(second):
        raise ValueError("two rows of one length are compared")
    # Doubled ranks have a mean of n + 1 whatever the ties, so that everything under the root is a whole number.
    middle = len(first) + 1
    ones = [rank - middle for rank in doubled_mid_ranks(first)]
    others = [rank - middle for rank in doubled_mid_ranks(second)]
    spread = sum(one * one for one in ones) * sum(other * other for other in others)
    if not spread:
        return None
    return sum(one * other for one, other in zip(ones, others, strict=True)) / sqrt(spread)


def mean_spearman(rows: Sequence[Sequence[float]]) -> float | None:
    """The mean rho of all pairs of rows, None where one of the pairs has none or there are fewer than two rows.

    Source: Kendall and Babington Smith, Annals of Mathematical Statistics 10 (1939) 275-287.
    """
    found = [spearman(first, second) for place, first in enumerate(rows) for second in rows[place + 1:]]
    known = [each for each in found if each is not None]
    return sum(known) / len(known) if known and len(known) == len(found) else None


def describe_spearman(rho: float | None) -> str:
    """A plain readout: "rank correlation 0.95 (1 the same order, 0 none, -1 the opposite)"."""
    if rho is None:
        return "no rank correlation: it takes two people and some difference"
    return f"rank correlation {number_text(rho)} (1 the same order, 0 none, -1 the opposite)"
