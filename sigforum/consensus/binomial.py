"""Exact binomial chances in plain arithmetic: tails, the sign test, and the Clopper-Pearson interval."""

from fractions import Fraction
from math import comb, exp, fsum, log, log1p

BISECTIONS = 200


def at_least_chance(count: int, total: int, share: float) -> float:
    """P(X >= count) for X of `total` people who each say yes with chance `share`; 1 for count 0 or less."""
    if count <= 0:
        return 1.0
    if share <= 0 or count > total:
        return 0.0
    if share >= 1:
        return 1.0
    yes, no = log(share), log1p(-share)
    return min(1.0, fsum(exp(log(comb(total, k)) + k * yes + (total - k) * no) for k in range(count, total + 1)))


def sign_test(one: int, other: int) -> float:
    """The two-sided p of a split that chance alone would make even: twice the smaller tail, at most 1, exact.

    Source: Dixon and Mood, "The statistical sign test", JASA 41 (1946) 557-566.
    """
    if min(one, other) < 0:
        raise ValueError("a count of people cannot be negative")
    total = one + other
    tail = sum(comb(total, k) for k in range(min(one, other) + 1))
    return float(min(Fraction(1), Fraction(2 * tail, 2**total)))


def clopper_pearson_interval(count: int, total: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of a proportion, as two shares from 0 to 1: never narrower than it claims.

    The bounds are those shares under which as many, or as few, have a chance of half of what is left over. Source:
    Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
    Biometrika 26 (1934) 404-413. Raises ValueError when nobody is there, the count does not fit, or confidence is not
    between 0 and 1.
    """
    if not 0 <= count <= total or total == 0:
        raise ValueError(f"{count} of {total} has no interval")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    return _lower_bound(count, total, (1 - confidence) / 2), 1 - _lower_bound(total - count, total,
                                                                              (1 - confidence) / 2)


def describe_exact_interval(count: int, total: int) -> str:
    """A plain readout: "7 of 10, exact 95 % interval 34.8 to 93.3 %"."""
    low, high = clopper_pearson_interval(count, total)
    return f"{count} of {total}, exact 95 % interval {100 * low:.1f} to {100 * high:.1f} %"


def _lower_bound(count: int, total: int, tail: float) -> float:
    if count == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if at_least_chance(count, total, middle) < tail else (low, middle)
    return (low + high) / 2
