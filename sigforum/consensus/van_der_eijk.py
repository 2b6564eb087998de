"""Van der Eijk's A: how far answers on an ordered scale share one peak, from -1 (two camps) to 1 (all on one point)."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from sigforum.consensus.distribution import exact_counts
from sigforum.consensus.percentiles import Number, number_text


def agreement_a(counts: Sequence[Number]) -> float:
    """A of a distribution: `counts` has one number, 0 or more, for each point of the scale, in order.

    1 is everyone on one point, 0 as many on each point, -1 one half on either end. Raises ValueError for a scale of
    one point, a negative count, or nobody. Source: van der Eijk, "Measuring agreement in ordered rating scales",
    Quality & Quantity 35 (2001) 325-341.
    """
    return float(exact_agreement_a(counts))


def exact_agreement_a(counts: Sequence[Number]) -> Fraction:
    """`agreement_a` before it becomes a float (same source, same errors).

    The distribution is cut into flat layers, each a pattern of points that are in it or not. A pattern has
    A = U (1 - (S - 1) / (K - 1)), S points in it of K; the layers count by how many people they hold.
    """
    exact = exact_counts(counts)
    below: int | Fraction = 0
    agreement = Fraction(0)
    for height in sorted(set(exact) - {0}):
        pattern = tuple(count >= height for count in exact)
        agreement += (height - below) * sum(pattern) * _pattern_agreement(pattern)
        below = height
    return agreement / sum(exact)


def polarization(counts: Sequence[Number]) -> float:
    """(1 - A) / 2: 0 where all are on one point, 1 for one half on either end (van der Eijk 2001)."""
    return float((1 - exact_agreement_a(counts)) / 2)


def describe_agreement_a(agreement: float) -> str:
    """A plain readout: "agreement A 0.61 (1 all on one point, 0 spread evenly, -1 two camps)"."""
    return f"agreement A {number_text(agreement)} (1 all on one point, 0 spread evenly, -1 two camps)"


# Patterns come again and again: a scale of nine points has 511 of them.
@lru_cache(maxsize=1024)
def _pattern_agreement(pattern: tuple[bool, ...]) -> Fraction:
    points, inside = len(pattern), sum(pattern)
    triples = list(combinations(pattern, 3))
    one_peak = sum(middle and first != last for first, middle, last in triples)
    two_peaks = sum(first and not middle and last for first, middle, last in triples)
    unimodality = Fraction(1)
    if one_peak + two_peaks:
        unimodality = Fraction((points - 2) * one_peak - (points - 1) * two_peaks,
                               (points - 2) * (one_peak + two_peaks))
    return unimodality * (1 - Fraction(inside - 1, points - 1))
