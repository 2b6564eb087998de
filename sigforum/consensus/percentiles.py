"""Median, quantiles under a named convention and the interquartile range, exact before they become floats."""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import ceil

from sigforum.consensus.counted_panel import CountedRatings

Number = int | float | Fraction

FINEST_QUANTILE = 1_000_000
HALF = Fraction(1, 2)
# Further digits of a float are its own and no statistic's.
MOST_DECIMALS = 6


class QuantileConvention(StrEnum):
    """How a quantile between two ratings is read; stored with a result, because the answer depends on it."""

    LINEAR = "linear"
    LOWER = "lower"
    HIGHER = "higher"
    NEAREST_RANK = "nearest-rank"

    @property
    def label(self) -> str:
        """The convention in words for a form or a method section."""
        return CONVENTION_LABELS[self]


CONVENTION_LABELS = {
    QuantileConvention.LINEAR: "linear between the two neighbours (R type 7, the default of spreadsheets)",
    QuantileConvention.LOWER: "the lower neighbour",
    QuantileConvention.HIGHER: "the higher neighbour",
    QuantileConvention.NEAREST_RANK: "nearest rank (inverse of the cumulative distribution, R type 1)",
}


def quantile(
    values: Sequence[Number],
    fraction: Number,
    *,
    convention: QuantileConvention | str = QuantileConvention.LINEAR,
) -> float:
    """The value below which `fraction` (0 to 1) of the values lie, under the named convention.

    Source: Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996)
    361-365; linear is their type 7, nearest-rank their type 1; lower and higher take a neighbour of the
    type 7 position. Raises ValueError for no values, a fraction outside 0 to 1 or an unknown convention.
    """
    return float(exact_quantile(values, fraction, convention=convention))


def exact_quantile(
    values: Sequence[Number],
    fraction: Number,
    *,
    convention: QuantileConvention | str = QuantileConvention.LINEAR,
) -> Fraction:
    """`quantile` before it becomes a float, for rules that compare (same source, same errors).

    A float fraction is read as the decimal it stands for, so that 0.3 means three tenths and not its binary
    neighbour.
    """
    chosen = convention if isinstance(convention, QuantileConvention) else QuantileConvention(convention)
    ordered = _ordered(values)
    share = _share(fraction)
    if chosen is QuantileConvention.NEAREST_RANK:
        return Fraction(ordered[max(ceil(len(ordered) * share), 1) - 1])
    place, rest = divmod((len(ordered) - 1) * share.numerator, share.denominator)
    lower, higher = ordered[place], ordered[place + (rest > 0)]
    if chosen is QuantileConvention.LOWER or not rest or lower == higher:
        return Fraction(lower)
    if chosen is QuantileConvention.HIGHER:
        return Fraction(higher)
    if isinstance(lower, int) and isinstance(higher, int):
        return Fraction(lower * share.denominator + (higher - lower) * rest, share.denominator)
    return Fraction(lower) + (Fraction(higher) - Fraction(lower)) * Fraction(rest, share.denominator)


def median(values: Sequence[Number]) -> float:
    """The middle value, or the mean of the two middle ones; raises ValueError for no values.

    Source: Hyndman and Fan 1996 (type 7 at one half).
    """
    return float(exact_median(values))


def exact_median(values: Sequence[Number]) -> Fraction:
    """`median` before it becomes a float (Hyndman and Fan 1996, type 7 at one half)."""
    return exact_quantile(values, HALF)


def interquartile_range(
    values: Sequence[Number], *, convention: QuantileConvention | str = QuantileConvention.LINEAR
) -> float:
    """Third quartile minus first quartile, the width of the middle half of the values.

    Source: Hyndman and Fan 1996 for the quartiles; as a measure of consensus: von der Gracht, "Consensus
    measurement in Delphi studies", Technological Forecasting and Social Change 79 (2012) 1525-1536. Raises
    ValueError for no values.
    """
    return float(exact_interquartile_range(values, convention=convention))


def exact_interquartile_range(
    values: Sequence[Number], *, convention: QuantileConvention | str = QuantileConvention.LINEAR
) -> Fraction:
    """`interquartile_range` before it becomes a float (same sources)."""
    upper = exact_quantile(values, Fraction(3, 4), convention=convention)
    return upper - exact_quantile(values, Fraction(1, 4), convention=convention)


def describe_spread(
    values: Sequence[Number], *, convention: QuantileConvention | str = QuantileConvention.LINEAR
) -> str:
    """A plain readout: "median 7, middle half from 5 to 8"."""
    low = quantile(values, Fraction(1, 4), convention=convention)
    high = quantile(values, Fraction(3, 4), convention=convention)
    return f"median {number_text(median(values))}, middle half from {number_text(low)} to {number_text(high)}"


def number_text(value: Number) -> str:
    """A statistic as people write it: 7 for 7.0, 6.5 for 6.5; two decimals, or as many as it takes not to round onto
    a whole number that it is not: 0.999 is no 1, and -0.004 no 0."""
    number = float(value)
    for decimals in range(2, MOST_DECIMALS + 1):
        text = f"{number:.{decimals}f}".rstrip("0").rstrip(".")
        if "." in text or number == round(number):
            break
    return "0" if text == "-0" else text


def _share(fraction: Number) -> Fraction:
    if isinstance(fraction, Fraction) and 0 <= fraction.numerator <= fraction.denominator <= FINEST_QUANTILE:
        return fraction
    return _read_share(fraction)


@lru_cache(maxsize=64)
def _read_share(fraction: Number) -> Fraction:
    share = Fraction(fraction).limit_denominator(FINEST_QUANTILE)
    if not 0 <= share <= 1:
        raise ValueError(f"a quantile lies between 0 and 1, not at {fraction}")
    return share


def _ordered(values: Sequence[Number]) -> Sequence[Number]:
    if not values:
        raise ValueError("a quantile needs at least one value")
    # Counted ratings are in order by their nature.
    return values if isinstance(values, CountedRatings) else sorted(values)
