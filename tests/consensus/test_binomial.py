"""Exact chances: Clopper-Pearson, the sign test, and McNemar's test that rests on it."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.binomial import (
    at_least_chance,
    clopper_pearson_interval,
    describe_exact_interval,
    sign_test,
)
from sigforum.consensus.mcnemar import describe_mcnemar, mcnemar, one_degree_tail


def test_exact_interval_gives_every_number_of_the_case_file(read_case):
    cases = read_case("proportion_ci.json")["cases"]
    for case in cases:
        found = clopper_pearson_interval(case["k"], case["n"])
        assert found == pytest.approx(tuple(case["clopper_pearson"]), abs=1e-12)
    assert len({tuple(case["clopper_pearson"]) for case in cases}) == len(cases)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 60).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_exact_interval_leaves_half_of_the_rest_on_either_side(proportion):
    count, total = proportion
    low, high = clopper_pearson_interval(count, total)
    assert 0 <= low <= count / total <= high <= 1
    if count:
        assert at_least_chance(count, total, low) == pytest.approx(0.025, abs=1e-9)
    if count < total:
        assert 1 - at_least_chance(count + 1, total, high) == pytest.approx(0.025, abs=1e-9)


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(1, 30), st.fractions(0, 1, max_denominator=50))
def test_tail_agrees_with_exact_fractions(count, total, share):
    expected = sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(max(count, 0), total + 1))
    assert at_least_chance(count, total, float(share)) == pytest.approx(float(Fraction(expected)), abs=1e-12)


@pytest.mark.parametrize(("count", "total", "confidence"), [(0, 0, 0.95), (3, 2, 0.95), (-1, 2, 0.95), (1, 2, 95)])
def test_exact_interval_refuses_what_is_no_proportion(count, total, confidence):
    with pytest.raises(ValueError, match=r"interval|confidence"):
        clopper_pearson_interval(count, total, confidence=confidence)


def test_sign_test_by_hand():
    # 0 of 3 one way: 2 * (1/2)³. 2 against 2: more than everything, so 1.
    assert (sign_test(0, 3), sign_test(2, 2), sign_test(0, 0)) == (0.25, 1, 1)
    with pytest.raises(ValueError, match="negative"):
        sign_test(-1, 2)


def test_mcnemar_gives_every_number_of_the_case_file(read_case):
    case = read_case("delphi_stability.json")["mcnemar"]
    (_, lost), (gained, _) = case["table"]
    found, expected = mcnemar(lost=lost, gained=gained), case["expected"]
    assert found.chi_square == expected["chi2"]
    assert found.chi_square_corrected == expected["chi2_cc"]
    assert found.p_exact == expected["p_exact"]
    assert one_degree_tail(found.chi_square) == pytest.approx(expected["p_chi2"], abs=1e-12)
    assert one_degree_tail(found.chi_square_corrected) == pytest.approx(expected["p_cc"], abs=1e-12)
    assert (found.p, found.method) == (found.p_exact - comb(16, 4) / 2**16, "mid-p")


def test_mcnemar_gives_the_mid_p_that_was_published():
    # Fagerland, Lydersen and Laake (2013), table 1: 1 and 7 who changed give an exact p of 0.070 and a mid-p of 0.039.
    found = mcnemar(lost=1, gained=7)
    assert (round(found.p_exact, 3), round(found.p, 3), found.method) == (0.07, 0.039, "mid-p")
    assert mcnemar(lost=7, gained=1).p == found.p
    # Of a split in halves half of its own chance goes.
    assert mcnemar(lost=2, gained=2).p == 1 - 0.375 / 2
    assert mcnemar(lost=80, gained=120).p < mcnemar(lost=80, gained=120).p_exact


def test_mcnemar_says_when_nobody_changed():
    found = mcnemar(lost=0, gained=0)
    assert (found.p, found.chi_square) == (1, None)
    assert describe_mcnemar(found) == "nobody changed between yes and no"
    assert describe_mcnemar(mcnemar(lost=12, gained=4)) == (
        "12 went from yes to no and 4 from no to yes (McNemar p 0.049, mid-p)")
    assert describe_exact_interval(7, 10) == "7 of 10, exact 95 % interval 34.8 to 93.3 %"
