"""Friedman's test and the chi-square tail it rests on."""

from math import erfc, exp, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.chi_square import chi_square_tail, p_text
from sigforum.consensus.concordance import concordance
from sigforum.consensus.friedman import describe_friedman, friedman_test
from sigforum.consensus.rank_correlation import mean_spearman


def test_friedman_gives_every_number_of_the_case_file(read_case):
    case = read_case("kendall_w_anxiety.json")
    rows, expected = list(case["raters"].values()), case["expected"]
    found = friedman_test(rows)
    assert found.spread == expected["S"]
    assert found.ties == expected["T_ties"]
    assert found.degrees == expected["df"]
    assert found.w == pytest.approx(expected["W_tie_corrected"], abs=1e-12)
    assert found.chi_square == pytest.approx(expected["chi2"], abs=1e-12)
    assert found.p == pytest.approx(expected["p"], abs=1e-12)
    assert found.w_uncorrected == pytest.approx(expected["W_uncorrected"], abs=1e-12)
    assert found.chi_square_uncorrected == pytest.approx(expected["chi2_uncorrected"], abs=1e-12)
    assert found.p_uncorrected == pytest.approx(expected["p_uncorrected"], abs=1e-12)
    assert mean_spearman(rows) == pytest.approx(expected["mean_spearman"], abs=1e-12)
    assert describe_friedman(found) == "Friedman chi-square 30.76 with 19 degrees of freedom, p 0.043"


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), max_size=6))
def test_friedman_agrees_with_kendalls_w(rows):
    found, other = friedman_test(rows), concordance(rows, permutations=0)
    assert (found is None) is (other.w is None)
    if found is not None:
        assert (found.w, found.chi_square) == pytest.approx((other.w, other.chi_square))


@settings(deadline=None)
@given(st.floats(1e-6, 300))
def test_tail_agrees_with_its_closed_forms(value):
    half = value / 2
    assert chi_square_tail(value, 1) == pytest.approx(erfc(sqrt(half)), rel=1e-9, abs=1e-14)
    assert chi_square_tail(value, 2) == pytest.approx(exp(-half), rel=1e-9, abs=1e-14)
    assert chi_square_tail(value, 6) == pytest.approx(exp(-half) * (1 + half + half**2 / 2), rel=1e-9, abs=1e-14)


def test_tail_at_its_ends():
    assert chi_square_tail(0, 3) == 1
    # The 95 % point of four degrees of freedom, from printed tables.
    assert chi_square_tail(9.487729036781154, 4) == pytest.approx(0.05, abs=1e-12)
    assert [p_text(p) for p in (1, 0.0429, 0.001, 0.0009)] == ["1.000", "0.043", "0.001", "under 0.001"]
    with pytest.raises(ValueError, match="degree of freedom"):
        chi_square_tail(1, 0)


def test_nothing_to_agree_on_has_no_test():
    assert friedman_test([[1, 2, 3]]) is None
    assert describe_friedman(None).startswith("Friedman's test cannot be given")
    with pytest.raises(ValueError, match="same options"):
        friedman_test([[1, 2], [1]])
