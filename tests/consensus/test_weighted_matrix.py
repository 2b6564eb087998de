"""Options on several criteria: weighted sums, and how the order hangs on the weights."""

from fractions import Fraction

import pytest

from sigforum.consensus.weighted_matrix import describe_weighted, swap_weight, weighted_order, with_factor

SCORES = {"autologous": (7, 8, 4, 3, 4, 9), "allogeneic": (6, 6, 7, 7, 8, 6), "in_vivo": (4, 5, 8, 8, 9, 3)}
WEIGHTS = (0.25, 0.25, 0.15, 0.15, 0.1, 0.1)


def test_weighted_sums_are_exact():
    found = weighted_order(SCORES, weights=WEIGHTS)
    assert found.totals == {
        "autologous": Fraction(61, 10), "allogeneic": Fraction(65, 10), "in_vivo": Fraction(585, 100)}
    assert describe_weighted(found) == "allogeneic > autologous > in_vivo (6.5, 6.1, 5.85)"


def test_weighted_order_gives_the_numbers_of_the_case_file(read_case):
    case = read_case("mcda_3x6.json")
    scores = dict(zip(case["alternatives"], case["scores"], strict=True))
    expected = case["expected"]
    found = weighted_order(scores, weights=case["weights"])
    assert [float(found.totals[name]) for name in case["alternatives"]] == pytest.approx(expected["weighted_sum"])
    assert [name for tier in found.tiers for name in tier] == expected["ranking"]
    for each in expected["one_at_a_time"]:
        changed = with_factor(case["weights"], criterion=case["criteria"].index(each["criterion"]),
                              factor=each["factor"])
        again = weighted_order(scores, weights=changed)
        assert [float(again.totals[name]) for name in case["alternatives"]] == pytest.approx(each["scores"])
        assert [float(again.totals[name]) for tier in again.tiers for name in tier] == sorted(
            map(float, again.totals.values()), reverse=True)
    for criterion, weight in expected["swap_weight_top2"].items():
        level = swap_weight(scores["allogeneic"], scores["autologous"], weights=case["weights"],
                            criterion=case["criteria"].index(criterion))
        assert float(level) == pytest.approx(weight, abs=1e-9)


def test_swap_weight_levels_the_two():
    level = swap_weight(SCORES["allogeneic"], SCORES["autologous"], weights=WEIGHTS, criterion=0)
    rest = [Fraction(weight).limit_denominator(100) * (1 - level) / Fraction(3, 4) for weight in WEIGHTS[1:]]
    totals = weighted_order(SCORES, weights=[level, *rest]).totals
    assert totals["allogeneic"] == totals["autologous"]


def test_swap_weight_is_none_where_no_weight_levels_them():
    assert swap_weight((5, 5), (1, 1), weights=(1, 1), criterion=0) is None
    assert swap_weight((5, 4), (1, 1), weights=(1, 1), criterion=0) is None
    assert swap_weight((5,), (1,), weights=(1,), criterion=0) is None


def test_equal_weights_give_the_mean_and_ties_share_a_tier():
    found = weighted_order({"a": (1, 5), "b": (3, 3), "c": (2, 2)}, weights=(1, 1))
    assert (found.totals["a"], found.tiers) == (3, (("a", "b"), ("c",)))


@pytest.mark.parametrize("weights", [(0, 0), (-1, 2), (1,)])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(ValueError, match=r"weights|scores"):
        weighted_order({"a": (1, 2)}, weights=weights)
