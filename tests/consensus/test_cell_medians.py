"""The matrix cell by cell, with the cells over which a panel is split."""

from fractions import Fraction

import pytest

from sigforum.consensus.cell_medians import Cell, cell_medians, describe_cell, medians_by_option
from sigforum.consensus.scale import Scale

NINE = Scale(1, 9)
# Eight people: three low and three high are disagreement in a panel of eight.
SPLIT = (1, 2, 3, 5, 5, 7, 8, 9)


def test_cells_are_split_as_the_panel_size_says():
    found = cell_medians({("a", "x"): SPLIT, ("a", "y"): (1, 2, 5, 5, 5, 7, 8, 9), ("b", "x"): SPLIT[:7]}, scale=NINE)
    assert found["a", "x"] == Cell(Fraction(5), Fraction(9, 2), 8, True)
    assert found["a", "y"].is_split is False
    assert found["b", "x"].is_split is None


def test_other_scales_are_split_by_their_thirds():
    # On 1 to 5 the thirds are 1-2 and 4-5.
    found = cell_medians({("a", "x"): (1, 2, 2, 3, 3, 4, 4, 5), ("b", "x"): (1, 2, 3, 3, 3, 4, 4, 5)},
                         scale=Scale(1, 5))
    assert [found[option, "x"].is_split for option in "ab"] == [True, False]


def test_medians_feed_the_weighted_sum_where_no_cell_is_empty():
    found = cell_medians({("a", "x"): (3, 4), ("a", "y"): (9,), ("b", "x"): (2,), ("b", "y"): ()}, scale=NINE)
    assert medians_by_option(found, options="abc", criteria="xy") == {"a": (Fraction(7, 2), 9)}


def test_rating_off_the_scale_is_refused():
    with pytest.raises(ValueError, match="rating 10 is not on the scale 1 to 9"):
        cell_medians({("a", "x"): (3, 10)}, scale=NINE)


def test_describe_cell_says_when_too_few():
    found = cell_medians({("a", "x"): SPLIT, ("b", "x"): (4,), ("c", "x"): (), ("d", "x"): (5,) * 8}, scale=NINE)
    assert [describe_cell(found[option, "x"]) for option in "abcd"] == [
        "median 5 of 8 ratings, split", "median 4 of 1 rating (too few to say whether split, under 8)",
        "nobody rated", "median 5 of 8 ratings"]
