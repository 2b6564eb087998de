"""Relative spread: the coefficient of quartile variation, and of variation, so that two rounds can be compared."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

from sigforum.consensus.percentiles import Number, QuantileConvention, exact_quantile, number_text


def quartile_variation(
    values: Sequence[Number], *, convention: QuantileConvention | str = QuantileConvention.LINEAR
) -> float | None:
    """CQV = (Q3 - Q1) / (Q3 + Q1), without a unit; None where the quartiles are not both 0 or more, and not both 0.

    On a scale that goes below 0 a relative spread means nothing. Raises ValueError for no values or an unknown
    convention. Source: Bonett, "Confidence interval for a coefficient of quartile variation", Computational
    Statistics & Data Analysis 50 (2006) 2953-2957; in Delphi rounds: von der Gracht, Technological Forecasting and
    Social Change 79 (2012) 1525-1536.
    """
    low = exact_quantile(values, Fraction(1, 4), convention=convention)
    high = exact_quantile(values, Fraction(3, 4), convention=convention)
    return float((high - low) / (high + low)) if low >= 0 and high + low > 0 else None


def mean(values: Sequence[Number]) -> float:
    """The arithmetic mean; raises ValueError for no values."""
    return float(_exact_mean(values))


def standard_deviation(values: Sequence[Number]) -> float | None:
    """The standard deviation of a sample (n - 1 below), None under two values; raises ValueError for no values."""
    whole = _exact_mean(values) * len(values)
    if len(values) < 2:
        return None
    squares = Fraction(sum(count * _exact(value) ** 2 for value, count in Counter(values).items()))
    return sqrt((squares - whole**2 / len(values)) / (len(values) - 1))


def coefficient_of_variation(values: Sequence[Number]) -> float | None:
    """CV = standard deviation / mean, None where the mean is not above 0 or there are fewer than two values.

    Source: Pearson, "Mathematical contributions to the theory of evolution III", Philosophical Transactions A 187
    (1896) 253-318; between Delphi rounds: Dajani, Sincoff and Talley, Technological Forecasting and Social Change 13
    (1979) 83-90.
    """
    middle, spread = mean(values), standard_deviation(values)
    return spread / middle if spread is not None and middle > 0 else None


def describe_variation(values: Sequence[Number]) -> str:
    """A plain readout: "quartile variation 0.17, variation 0.28 (0 is no spread)"."""
    parts = [(quartile_variation(values), "quartile variation"), (coefficient_of_variation(values), "variation")]
    given = ", ".join(f"{name} {number_text(value)}" for value, name in parts if value is not None)
    return f"{given} (0 is no spread)" if given else "no relative spread can be given"


def _exact_mean(values: Sequence[Number]) -> Fraction:
    if not values:
        raise ValueError("a mean needs at least one value")
    # A panel gives few different ratings, so each is made exact once.
    return Fraction(sum(count * _exact(value) for value, count in Counter(values).items())) / len(values)


def _exact(value: Number) -> int | Fraction:
    return value if isinstance(value, int) else Fraction(value)
