"""Median and quantiles: known values for every convention, a second way to each, and what must not matter."""

import statistics
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.percentiles import (
    CONVENTION_LABELS,
    QuantileConvention,
    describe_spread,
    exact_quantile,
    interquartile_range,
    median,
    number_text,
    quantile,
)

RATINGS = st.lists(st.integers(1, 9), min_size=1, max_size=40)
CONVENTIONS = st.sampled_from(list(QuantileConvention))


def median_by_peeling(values):
    """A second way to the median: take away the lowest and the highest until one or two values are left."""
    left = list(values)
    while len(left) > 2:
        left.remove(min(left))
        left.remove(max(left))
    return sum(left) / len(left)


def nearest_rank_by_counting(values, fraction):
    """The smallest value that at least `fraction` of the values do not exceed."""
    return min(value for value in values if sum(other <= value for other in values) >= fraction * len(values))


@pytest.mark.parametrize(
    ("values", "expected"),
    [([7], 7), ([3, 4], 3.5), ([6, 7], 6.5), ([9, 1, 5], 5), ([1, 1, 9, 9], 5), ([2, 8, 8, 8], 8)],
)
def test_median_of_small_panels(values, expected):
    assert median(values) == expected


@settings(deadline=None)
@given(RATINGS)
def test_median_agrees_with_peeling_off_the_extremes(ratings):
    assert median(ratings) == median_by_peeling(ratings)


# What R gives for quantile(c(1, 2, 4, 8), p), types 7 and 1, and the two neighbours of the type 7 position.
QUANTILES = [
    (0.3, "linear", 1.9),
    (0.3, "lower", 1),
    (0.3, "higher", 2),
    (0.3, "nearest-rank", 2),
    (0.75, "linear", 5),
    (0.75, "lower", 4),
    (0.75, "higher", 8),
    (0.75, "nearest-rank", 4),
    (0.0, "nearest-rank", 1),
    (1.0, "nearest-rank", 8),
    (0.25, "nearest-rank", 1),
    (0.26, "nearest-rank", 2),
]


@pytest.mark.parametrize(("fraction", "convention", "expected"), QUANTILES)
def test_quantile_follows_the_named_convention(fraction, convention, expected):
    assert quantile([8, 1, 4, 2], fraction, convention=convention) == pytest.approx(expected, abs=1e-12)


def test_quantile_reads_a_float_as_the_decimal_that_was_meant():
    ten = list(range(1, 11))
    assert Fraction(0.3) != Fraction(3, 10)
    assert exact_quantile(ten, 0.3, convention="nearest-rank") == 3
    assert exact_quantile(ten, 0.7, convention="nearest-rank") == 7


@settings(deadline=None)
@given(RATINGS.filter(lambda ratings: len(ratings) > 1))
def test_linear_quantiles_agree_with_the_standard_library(ratings):
    deciles = statistics.quantiles(ratings, n=10, method="inclusive")
    ours = [quantile(ratings, Fraction(tenth, 10)) for tenth in range(1, 10)]
    assert ours == pytest.approx(deciles, abs=1e-9)


@settings(deadline=None)
@given(RATINGS, st.integers(1, 100))
def test_nearest_rank_agrees_with_counting(ratings, percent):
    fraction = Fraction(percent, 100)
    expected = nearest_rank_by_counting(ratings, fraction)
    assert quantile(ratings, fraction, convention="nearest-rank") == expected


@settings(deadline=None)
@given(RATINGS, st.integers(0, 100), CONVENTIONS, st.randoms())
def test_quantile_ignores_the_order_of_the_ratings(ratings, percent, convention, random):
    shuffled = random.sample(ratings, len(ratings))
    fraction = Fraction(percent, 100)
    assert quantile(shuffled, fraction, convention=convention) == quantile(
        ratings, fraction, convention=convention
    )


@settings(deadline=None)
@given(RATINGS, st.integers(0, 100))
def test_quantile_lies_between_its_two_neighbours(ratings, percent):
    lower, middle, higher = (
        quantile(ratings, Fraction(percent, 100), convention=name) for name in ("lower", "linear", "higher")
    )
    assert min(ratings) <= lower <= middle <= higher <= max(ratings)


@settings(deadline=None)
@given(RATINGS, st.integers(1, 100))
def test_doubling_the_panel_keeps_median_and_nearest_rank(ratings, percent):
    doubled = ratings + ratings
    fraction = Fraction(percent, 100)
    assert median(doubled) == median(ratings)
    assert quantile(doubled, fraction, convention="nearest-rank") == quantile(
        ratings, fraction, convention="nearest-rank"
    )


def test_interquartile_range_depends_on_the_convention():
    values = [1, 2, 4, 8]
    found = {name: interquartile_range(values, convention=name) for name in QuantileConvention}
    assert found == {"linear": 3.25, "lower": 3, "higher": 6, "nearest-rank": 3}


@pytest.mark.parametrize("fraction", [-0.1, 1.1])
def test_quantile_refuses_a_fraction_outside_zero_to_one(fraction):
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile([1, 2], fraction)


def test_quantile_refuses_no_values_and_unknown_conventions():
    with pytest.raises(ValueError, match="at least one value"):
        median([])
    with pytest.raises(ValueError, match="weibull"):
        quantile([1, 2], 0.5, convention="weibull")


def test_every_convention_has_words_of_its_own():
    assert set(CONVENTION_LABELS) == set(QuantileConvention)
    assert len({convention.label for convention in QuantileConvention}) == len(QuantileConvention)


def test_describe_spread_reads_as_a_sentence():
    assert describe_spread([5, 6, 7, 8, 8]) == "median 7, middle half from 6 to 8"
    assert [number_text(value) for value in (7.0, 6.5, 10, Fraction(1, 3))] == ["7", "6.5", "10", "0.33"]
