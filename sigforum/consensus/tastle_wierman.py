"""Tastle and Wierman's consensus: how near answers on an ordered scale lie to their mean, from 0 to 1."""

from collections.abc import Sequence
from fractions import Fraction
from math import fsum, log2

from sigforum.consensus.distribution import exact_counts
from sigforum.consensus.percentiles import Number, number_text


def tastle_wierman_consensus(counts: Sequence[Number]) -> float:
    """1 + sum of p · log2(1 - |x - mean| / width), over the points x of a scale that is `width` wide.

    `counts` has one number, 0 or more, for each point of the scale, in order. 1 is everyone on one point, 0 one half
    on either end. Raises ValueError for a scale of one point, a negative count, or nobody. Source: Tastle and
    Wierman, "Consensus and dissention: a measure of ordinal dispersion", International Journal of Approximate
    Reasoning 45 (2007) 531-545.
    """
    exact = exact_counts(counts)
    total, width = Fraction(sum(exact)), len(exact) - 1
    mean = float(sum(place * count for place, count in enumerate(exact)) / total)
    return 1 + fsum(float(count) * log2(1 - abs(place - mean) / width)
                    for place, count in enumerate(exact) if count) / float(total)


def describe_tastle_wierman(consensus: float) -> str:
    """A plain readout: "consensus 0.73 by Tastle and Wierman (1 all on one point, 0 two camps at the ends)"."""
    return f"consensus {number_text(consensus)} by Tastle and Wierman (1 all on one point, 0 two camps at the ends)"
