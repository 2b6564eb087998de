"""Leik's D: how far answers on an ordered scale lie apart, from 0 (all on one point) to 1 (two camps at the ends)."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from sigforum.consensus.distribution import exact_counts
from sigforum.consensus.percentiles import Number, number_text


def leik_dispersion(counts: Sequence[Number]) -> float:
    """2 · (sum of F or 1 - F, whichever is smaller) / (points - 1), F being the cumulative shares.

    `counts` has one number, 0 or more, for each point of the scale, in order. Raises ValueError for a scale of one
    point, a negative count, or nobody. Source: Leik, "A measure of ordinal consensus", Pacific Sociological Review 9
    (1966) 85-90.
    """
    exact = exact_counts(counts)
    reached = list(accumulate(exact))
    apart = sum(min(people, reached[-1] - people) for people in reached)
    return float(2 * Fraction(apart) / reached[-1] / (len(exact) - 1))


def describe_leik(dispersion: float) -> str:
    """A plain readout: "Leik's dispersion 0.29 (0 all on one point, 1 two camps at the ends)"."""
    return f"Leik's dispersion {number_text(dispersion)} (0 all on one point, 1 two camps at the ends)"
