"""Bands of agreement, ratings near the median, content validity and the disagreement index, by published numbers."""

from fractions import Fraction

import pytest

from sigforum.consensus.content_validity import (
    ItemValidity,
    content_validity_ratio,
    describe_item_validity,
    item_validity,
    scale_validity,
)
from sigforum.consensus.interpercentile import interpercentile_range
from sigforum.consensus.strength import is_near_median, strength_band, within_one


@pytest.mark.parametrize(("count", "total", "band"), [
    (20, 20, "100 %"), (999, 1000, "90 to 99 %"), (18, 20, "90 to 99 %"), (899, 1000, "80 to 89 %"),
    (16, 20, "80 to 89 %"), (799, 1000, "under 80 %"), (0, 5, "under 80 %"), (0, 0, None)])
def test_band_is_found_in_whole_numbers(count, total, band):
    assert strength_band(count, total) == band


def test_near_the_median_counts_from_its_half_too():
    assert within_one([5, 6, 7, 8]) == 2
    assert (within_one([7, 7, 8, 8, 6]), is_near_median([7, 7, 8, 8, 6])) == (5, True)
    assert is_near_median([1, 1, 7, 7, 7]) is False
    assert is_near_median([]) is None


# Polit, Beck and Owen (2007), table 2: experts, how many call it relevant, I-CVI, chance-corrected kappa*. They went on
# from rounded numbers, which moves some of the last digits by one.
POLIT = [(3, 3, 1.0, 1.0), (3, 2, 0.67, 0.47), (4, 4, 1.0, 1.0), (4, 3, 0.75, 0.67), (5, 5, 1.0, 1.0),
         (5, 4, 0.8, 0.76), (6, 5, 0.83, 0.81), (7, 6, 0.86, 0.85), (8, 7, 0.88, 0.88), (8, 6, 0.75, 0.72),
         (9, 8, 0.89, 0.89), (9, 7, 0.78, 0.76)]


@pytest.mark.parametrize(("experts", "relevant", "index", "kappa"), POLIT)
def test_item_has_the_published_index_and_kappa(experts, relevant, index, kappa):
    found = item_validity([4] * relevant + [2] * (experts - relevant))
    assert float(found.i_cvi) == pytest.approx(index, abs=0.006)
    assert float(found.kappa_star) == pytest.approx(kappa, abs=0.01)


def test_scale_has_the_mean_and_the_share_of_unanimous_items():
    found = scale_validity([ItemValidity(5, 5), ItemValidity(4, 5), ItemValidity(5, 5), ItemValidity(0, 0)])
    assert (found.average, found.universal) == (Fraction(14, 15), Fraction(2, 3))
    assert scale_validity([ItemValidity(0, 0)]) is None
    assert describe_item_validity(item_validity([3, 4, 4, 4, 4, 1])) == (
        "I-CVI 0.83 (5 of 6 call it relevant), kappa* 0.82")


@pytest.mark.parametrize(("essential", "experts", "ratio"), [(5, 5, 1), (8, 10, 0.6), (5, 10, 0), (2, 10, -0.6)])
def test_ratio_is_that_of_lawshe(essential, experts, ratio):
    assert float(content_validity_ratio([3] * essential + [2] * (experts - essential))) == pytest.approx(ratio)
    assert content_validity_ratio([]) is None
    with pytest.raises(ValueError, match="not on the scale"):
        content_validity_ratio([4])


def test_disagreement_index_is_that_of_the_published_example():
    # BMJ Open 2 (2012) e001431, table 1: IPR 1 (7 to 8), IPRAS 6.1.
    spread = interpercentile_range([7] * 5 + [8] * 5)
    assert (float(spread.width), float(spread.allowed_width)) == (1.0, 6.1)
    assert spread.disagreement_index == Fraction(10, 61)
    assert interpercentile_range([1] * 5 + [9] * 5).disagreement_index > 1
