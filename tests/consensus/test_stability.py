"""Two rounds compared: the published numbers, small samples exactly, and words that claim no more than was seen."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.histogram_stability import describe_shift, histogram_shift, is_below_scheibe
from sigforum.consensus.rank_correlation import describe_spearman, mean_spearman, spearman
from sigforum.consensus.signed_rank import describe_signed_rank, signed_rank
from sigforum.consensus.stability import describe_stability, rating_stability
from sigforum.consensus.weighted_kappa import describe_kappa, kappa

EARLIER = [5, 6, 7, 4, 8, 6, 5, 7, 9, 3, 6, 7]
LATER = [6, 7, 7, 5, 8, 7, 6, 7, 8, 5, 7, 7]
ROUNDS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=12)


def by_person(ratings):
    return dict(enumerate(ratings, start=1))


def test_stability_gives_the_numbers_of_the_case_file(read_case):
    case = read_case("delphi_stability.json")
    expected = case["expected"]
    found = rating_stability(by_person(case["round1"]), by_person(case["round2"]))
    assert found.moved.percent == pytest.approx(expected["pct_individuals_changed"])
    assert found.shift.percent == pytest.approx(expected["histogram_shift_pct_scheibe"])
    assert (found.test.statistic, found.test.p) == (expected["wilcoxon"]["statistic"], expected["wilcoxon"]["p"])
    assert found.spearman == pytest.approx(expected["spearman"], abs=1e-12)
    assert found.kappa == pytest.approx(expected["kappa_unweighted"], abs=1e-12)
    assert found.kappa_quadratic == pytest.approx(expected["kappa_quadratic"], abs=1e-12)
    assert (found.earlier.iqr, found.later.iqr) == (expected["round1"]["IQR"], expected["round2"]["IQR"])


def test_signed_rank_gives_the_example_of_the_case_file(read_case):
    case = read_case("delphi_stability.json")["wilcoxon_R_example"]
    # The first row is tested for being greater: a fall from it to the second.
    found = signed_rank(case["y"], case["x"])
    assert (found.up, found.p_up) == (case["expected"]["V"], case["expected"]["p"])
    assert found.method == "exact, ties counted"


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=8))
def test_signed_rank_agrees_with_trying_every_sign(pairs):
    found = signed_rank(*zip(*pairs, strict=True))
    sizes = sorted(abs(after - before) for before, after in pairs if after != before)
    ranks = [sum(sizes.index(size) + 1 + place for place in range(sizes.count(size))) / sizes.count(size)
             for size in sizes]
    sums = [sum(rank for rank, sign in zip(ranks, signs, strict=True) if sign)
            for signs in product((True, False), repeat=len(ranks))]
    assert found.moved == len(sizes)
    if sizes:
        assert found.p == pytest.approx(min(1, 2 * sum(one <= found.statistic for one in sums) / len(sums)))
        assert found.p_up == pytest.approx(sum(one >= found.up for one in sums) / len(sums))


def test_large_panels_are_tested_by_the_normal_curve_and_say_so():
    # 201 people: 120 rise and 81 sink by one; all ranks are 101, so the sums are 12,120 and 8,181.
    large = signed_rank([5] * 201, [6] * 120 + [4] * 81)
    assert (large.up, large.down) == (12120, 8181)
    assert large.method.startswith("normal approximation")
    # The variance is 201 * 101² / 4 with these ties: z = (12,120 - 10,150.5 - 0.5) / 715.97 = 2.75; p = 0.00596.
    assert large.p == pytest.approx(0.00596, abs=2e-4)
    # One person less is counted exactly, and comes out near.
    assert signed_rank([5] * 200, [6] * 120 + [4] * 80).p == pytest.approx(0.0057, abs=1e-3)


def test_nobody_moving_has_no_p():
    found = signed_rank([3, 4], [3, 4])
    assert (found.p, found.moved, describe_signed_rank(found)) == (None, 0, "nobody moved")


@settings(deadline=None)
@given(ROUNDS)
def test_histogram_shift_counts_the_bars_that_changed(pairs):
    before, after = zip(*pairs, strict=True)
    shift = histogram_shift(before, after)
    assert 2 * shift.count == sum(abs(before.count(rating) - after.count(rating)) for rating in range(1, 10))
    assert shift.count <= sum(one != other for one, other in pairs)
    assert histogram_shift(after, before) == shift


def test_fifteen_percent_is_not_below_the_mark():
    assert not is_below_scheibe(histogram_shift([1] * 20, [2] * 3 + [1] * 17))
    assert is_below_scheibe(histogram_shift([1] * 20, [2] * 2 + [1] * 18))
    assert not is_below_scheibe(histogram_shift([], []))
    assert describe_shift(histogram_shift([], [])) == "nobody answered in both rounds"
    with pytest.raises(ValueError, match="same people"):
        histogram_shift([1], [])


@settings(deadline=None)
@given(ROUNDS)
def test_stability_words_never_take_a_large_p_for_stability(pairs):
    found = rating_stability(by_person([one for one, _ in pairs]), by_person([other for _, other in pairs]))
    words = describe_stability(found).casefold()
    assert "significan" not in words
    assert ("large p shows no stability" in words) is (found.test.p is not None)
    assert found.histogram_settled is (None if len(pairs) < 8 else 100 * found.shift.count < 15 * len(pairs))
    assert found.settled is (None if len(pairs) < 8 else 100 * found.moved.count < 15 * len(pairs))


def test_stability_is_of_those_who_rated_in_both_rounds():
    found = rating_stability({1: 3, 2: 4, 9: 9}, {1: 3, 2: 6, 8: 1})
    assert (found.people, found.moved.count, found.settled) == (2, 1, None)
    assert "too few to say under 8 people" in describe_stability(found)
    assert rating_stability({1: 3}, {2: 3}) is None
    assert describe_stability(None) == "Nobody rated in both rounds."


def test_describe_stability_starts_with_counts():
    words = describe_stability(rating_stability(by_person(EARLIER), by_person(LATER)))
    assert words.startswith("8 of 12 (66.7 %) changed their rating")
    assert "the histogram shifted by 33.3 % (4 of 12)" in words
    assert "still moving by this mark. Median 6, then 7; interquartile range 2, then 1. 8 moved" in words


def test_spearman_and_kappa_have_nothing_to_say_without_difference():
    assert spearman([2, 2], [1, 3]) is None
    assert spearman([1], [1]) is None
    assert mean_spearman([[1, 2], [2, 2]]) is None
    assert kappa([3, 3], [3, 3]) is None
    assert kappa([], []) is None
    assert describe_spearman(None).startswith("no rank correlation")
    assert describe_kappa(None).startswith("no kappa")
    with pytest.raises(ValueError, match="one length"):
        spearman([1, 2], [1])


def test_spearman_and_kappa_by_hand():
    # d = 0, 1, 1: 1 - 6 * 2 / (3 * 8).
    assert spearman([1, 2, 3], [1, 3, 2]) == pytest.approx(0.5)
    # Found: 2 of 4 differ; chance: both have 2 and 2, so half differ.
    assert kappa([1, 1, 2, 2], [1, 2, 1, 2]) == 0
    assert kappa([1, 1, 2, 2], [1, 1, 2, 2]) == 1
    # Steps found 0, 0, 2; by chance over 9 pairs (1,1,3)x(1,1,1): 3 * 2 = 6 of 9.
    assert kappa([1, 1, 3], [1, 1, 1], disparity="linear") == 0
    assert describe_spearman(0.946).startswith("rank correlation 0.95")
    assert describe_kappa(0.759).startswith("kappa 0.76")


def test_people_who_swap_their_ratings_have_not_settled():
    found = rating_stability(by_person([1, 1, 1, 1, 9, 9, 9, 9]), by_person([9, 9, 9, 9, 1, 1, 1, 1]))
    words = describe_stability(found)
    assert (found.shift.count, found.moved.count) == (0, 8)
    assert found.settled is False
    assert words.count("8 of 8") == 1
    assert "settled by this mark." not in words
