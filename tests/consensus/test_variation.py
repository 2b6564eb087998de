"""Relative spread: quartile variation beside the interquartile range, and the coefficient of variation."""

import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.percentiles import interquartile_range, median, quantile
from sigforum.consensus.proportions import Proportion
from sigforum.consensus.variation import (
    coefficient_of_variation,
    describe_variation,
    mean,
    quartile_variation,
    standard_deviation,
)


@pytest.mark.parametrize("name", ["round1", "round2"])
def test_spread_gives_the_numbers_of_the_case_file(read_case, name):
    case = read_case("delphi_stability.json")
    ratings, expected = case[name], case["expected"][name]
    found = {
        "median": median(ratings), "q1": quantile(ratings, 0.25), "q3": quantile(ratings, 0.75),
        "IQR": interquartile_range(ratings), "CQV": quartile_variation(ratings), "mean": mean(ratings),
        "sd": standard_deviation(ratings), "CV": coefficient_of_variation(ratings),
        "pct_ge7": Proportion(sum(rating >= 7 for rating in ratings), len(ratings)).percent}
    assert found == pytest.approx(expected, abs=1e-12)


def test_change_of_spread_gives_the_numbers_of_the_case_file(read_case):
    case = read_case("delphi_stability.json")
    earlier, later, expected = case["round1"], case["round2"], case["expected"]
    assert coefficient_of_variation(later) - coefficient_of_variation(earlier) == pytest.approx(expected["delta_CV"])
    assert quartile_variation(later) - quartile_variation(earlier) == pytest.approx(expected["delta_CQV"])


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=30))
def test_standard_deviation_agrees_with_the_standard_library(ratings):
    assert standard_deviation(ratings) == pytest.approx(statistics.stdev(ratings), abs=1e-12)
    assert coefficient_of_variation([3 * rating for rating in ratings]) == pytest.approx(
        coefficient_of_variation(ratings), abs=1e-12)
    assert 0 <= quartile_variation(ratings) <= 1


@pytest.mark.parametrize("values", [[0, 0, 0], [-2, -1, 1], [-3, -3]])
def test_relative_spread_around_nought_is_none(values):
    assert quartile_variation(values) is None
    assert coefficient_of_variation(values) is None
    assert describe_variation(values) == "no relative spread can be given"


def test_one_value_has_no_deviation_and_none_no_mean():
    assert (standard_deviation([4]), coefficient_of_variation([4]), quartile_variation([4])) == (None, None, 0)
    with pytest.raises(ValueError, match="at least one value"):
        mean([])


def test_describe_variation_gives_both():
    assert describe_variation([5, 6, 7, 4, 8, 6, 5, 7, 9, 3, 6, 7]) == (
        "quartile variation 0.17, variation 0.28 (0 is no spread)")
