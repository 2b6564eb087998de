"""Shares of people: Wilson intervals against known numbers and a second way; whole-number comparisons."""

from fractions import Fraction
from math import erf, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.proportions import (
    Proportion,
    at_least,
    below,
    describe_proportion,
    percent_text,
    wilson_interval,
)

# count, total, low, high: computed with statsmodels.
WILSON = [
    (7, 10, 0.39677814746114537, 0.8922087325936989),
    (9, 12, 0.46769466506643426, 0.9110583316059453),
    (14, 20, 0.48102718164647645, 0.8545227551323957),
    (15, 15, 0.7961166989641513, 1.0),
    (0, 9, 0.0, 0.29914504841954415),
    (21, 28, 0.5664432968100103, 0.8732350508070669),
]

PROPORTIONS = st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


def bisect(is_too_low, low, high):
    """The point between low and high where `is_too_low` stops being true."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if is_too_low(middle) else (low, middle)
    return (low + high) / 2


def wilson_by_search(count, total, confidence):
    """The interval a second way: the true shares that lie exactly z standard errors from the sample."""
    z = bisect(lambda x: erf(x / sqrt(2)) < confidence, 0.0, 40.0)
    share = count / total

    def is_outside(truth):
        return abs(share - truth) > z * sqrt(truth * (1 - truth) / total)

    low = 0.0 if count == 0 else bisect(is_outside, 0.0, share)
    high = 1.0 if count == total else bisect(lambda truth: not is_outside(truth), share, 1.0)
    return low, high


@pytest.mark.parametrize(("count", "total", "low", "high"), WILSON)
def test_wilson_interval_gives_the_published_bounds(count, total, low, high):
    assert wilson_interval(count, total) == pytest.approx((low, high), abs=1e-12)


def test_wilson_interval_gives_every_number_of_the_case_file(read_case):
    cases = read_case("proportion_ci.json")["cases"]
    assert len({tuple(case["wilson"]) for case in cases}) == len(cases) > 3
    for case in cases:
        assert wilson_interval(case["k"], case["n"]) == pytest.approx(tuple(case["wilson"]), abs=1e-12)
        assert Proportion(case["k"], case["n"]).percent == pytest.approx(case["pct"], abs=1e-12)


@settings(deadline=None)
@given(PROPORTIONS, st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99]))
def test_wilson_interval_agrees_with_a_search_for_the_bounds(proportion, confidence):
    count, total = proportion
    expected = wilson_by_search(count, total, confidence)
    assert wilson_interval(count, total, confidence=confidence) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(PROPORTIONS)
def test_wilson_interval_holds_the_share_and_mirrors(proportion):
    count, total = proportion
    low, high = wilson_interval(count, total)
    assert 0 <= low <= count / total <= high <= 1
    assert low < high
    mirrored = wilson_interval(total - count, total)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high), abs=1e-12)


def test_wilson_interval_touches_its_ends_exactly():
    assert wilson_interval(0, 9)[0] == 0.0
    assert wilson_interval(15, 15)[1] == 1.0
    assert wilson_interval(1, 9)[0] > 0.0
    assert wilson_interval(14, 15)[1] < 1.0


def test_wilson_interval_of_nobody_is_refused():
    with pytest.raises(ValueError, match="at least one person"):
        wilson_interval(0, 0)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_wilson_interval_refuses_an_impossible_confidence(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson_interval(3, 4, confidence=confidence)


@pytest.mark.parametrize(("count", "total"), [(-1, 5), (6, 5), (0, -1)])
def test_proportion_refuses_counts_that_do_not_fit(count, total):
    with pytest.raises(ValueError, match="is not a proportion"):
        Proportion(count, total)


def test_proportion_of_nobody_has_no_percent_and_no_interval():
    assert Proportion(0, 0).percent is None
    assert Proportion(0, 0).interval() is None
    assert describe_proportion(Proportion(0, 0)) == "0 of 0"


# count, total, percent, is at least, is below
COMPARISONS = [
    (14, 20, 70, True, False),
    (9, 13, 70, False, True),
    (3, 20, 15, True, False),
    (2, 20, 15, False, True),
    (7, 10, 70, True, False),
    (69999, 100000, 70, False, True),
    (0, 0, 70, False, False),
    (0, 0, 0, False, False),
]


@pytest.mark.parametrize(("count", "total", "percent", "is_at_least", "is_below"), COMPARISONS)
def test_comparisons_decide_on_the_boundary_in_whole_numbers(count, total, percent, is_at_least, is_below):
    assert at_least(count, total, percent) is is_at_least
    assert below(count, total, percent) is is_below


@settings(deadline=None)
@given(PROPORTIONS, st.integers(0, 100))
def test_comparisons_agree_with_exact_fractions(proportion, percent):
    count, total = proportion
    assert at_least(count, total, percent) is (Fraction(count, total) >= Fraction(percent, 100))
    assert below(count, total, percent) is not at_least(count, total, percent)


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [
        (7, 10, "70.0 %"),
        (9, 13, "69.2 %"),
        (1399, 2000, "69.95 %"),
        (9999, 10000, "99.99 %"),
        (0, 3, "0.0 %"),
    ],
)
def test_percent_text_never_rounds_onto_a_whole_percent(count, total, text):
    assert percent_text(count, total) == text


@settings(deadline=None)
@given(st.integers(1, 20000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_percent_text_stays_on_its_side_of_every_whole_percent(proportion):
    count, total = proportion
    shown = Fraction(percent_text(count, total).removesuffix(" %"))
    exact = Fraction(100 * count, total)
    assert abs(shown - exact) <= Fraction(1, 20)
    assert [shown >= whole for whole in range(101)] == [exact >= whole for whole in range(101)]


def test_describe_proportion_gives_count_total_and_interval():
    assert describe_proportion(Proportion(7, 10)) == "7 of 10 (70.0 %, 95 % interval 39.7 to 89.2 %)"
