"""The distribution over a scale: nothing lost, nothing off the scale, readable without the chart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.distribution import Bar, describe_distribution, histogram
from sigforum.consensus.scale import Scale


def test_histogram_has_a_bar_for_every_point_of_the_scale():
    assert histogram([3, 5, 3], scale=Scale(1, 5)) == (Bar(1, 0), Bar(2, 0), Bar(3, 2), Bar(4, 0), Bar(5, 1))


@settings(deadline=None)
@given(st.lists(st.integers(-2, 4)))
def test_histogram_counts_everyone_once(ratings):
    bars = histogram(ratings, scale=Scale(-2, 4))
    assert sorted(rating for bar in bars for rating in [bar.rating] * bar.count) == sorted(ratings)


@pytest.mark.parametrize("rating", [0, 10])
def test_histogram_refuses_a_rating_off_the_scale(rating):
    with pytest.raises(ValueError, match=f"rating {rating} is not on the scale 1 to 9"):
        histogram([5, rating], scale=Scale(1, 9))


def test_describe_distribution_names_only_ratings_that_were_given():
    assert describe_distribution(histogram([8, 2, 8], scale=Scale(1, 9))) == "2 rated 8, 1 rated 2"
    assert describe_distribution(histogram([], scale=Scale(1, 9))) == "nobody has rated"


# lowest, highest, upper third from, lower third to
THIRDS = [
    (1, 9, 7, 3),
    (1, 5, 4, 2),
    (1, 7, 6, 2),
    (0, 10, 7, 3),
    (1, 10, 8, 3),
    (1, 4, 4, 1),
    (0, 1, 1, 0),
    (1, 6, 5, 2),
]


@pytest.mark.parametrize(("lowest", "highest", "upper_from", "lower_to"), THIRDS)
def test_scale_thirds_are_whole_points_and_mirror(lowest, highest, upper_from, lower_to):
    scale = Scale(lowest, highest)
    assert (scale.upper_third_from, scale.lower_third_to) == (upper_from, lower_to)


@settings(deadline=None)
@given(st.integers(-20, 20), st.integers(1, 120))
def test_scale_thirds_never_overlap(lowest, length):
    scale = Scale(lowest, lowest + length)
    assert scale.minimum <= scale.lower_third_to < scale.upper_third_from <= scale.maximum


def test_scale_needs_two_points():
    with pytest.raises(ValueError, match="at least two points"):
        Scale(3, 3)
