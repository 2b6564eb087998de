"""Kendall's W with ties, against a published data set, and its permutation p."""

from itertools import product

import pytest

from sigforum.consensus.concordance import concordance, describe_concordance

# Three raters of twenty people, a data set that statistics packages document W with.
ANXIETY = (
    (3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3),
    (3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4),
    (2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2),
)


def test_w_of_the_published_data_is_corrected_for_ties():
    found = concordance(ANXIETY)
    assert found.w == pytest.approx(0.5396568759543698, abs=1e-12)
    assert found.chi_square == pytest.approx(30.760441929399082, abs=1e-9)
    assert found.p == pytest.approx(0.015, abs=0.01)
    assert (found.raters, found.options, found.permutations) == (3, 20, 999)


def test_w_gives_the_numbers_of_the_case_file(read_case):
    case = read_case("kendall_w_anxiety.json")
    found = concordance(list(case["raters"].values()), permutations=4999)
    assert found.w == pytest.approx(case["expected"]["W_tie_corrected"], abs=1e-12)
    assert found.chi_square == pytest.approx(case["expected"]["chi2"], abs=1e-9)
    about = case["permutation_p_approx"]
    assert found.p == pytest.approx(about["value"], abs=about["tolerance"])


def test_full_agreement_is_one_and_full_opposition_none():
    assert concordance([(1, 2, 3, 4)] * 5).w == 1
    assert concordance([(1, 2, 3), (3, 2, 1)]).w == 0
    assert concordance([(1, 1, 2), (1, 1, 2)]).w == 1


def test_p_comes_near_the_exact_share_of_all_orders():
    rows = [(1, 2, 3), (1, 2, 3), (1, 3, 2)]
    orders = [(1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)]
    found = concordance(rows, permutations=4999, most_counted=0)
    as_large = sum(concordance(each, permutations=0).w >= found.w - 1e-9 for each in product(orders, repeat=3))
    assert found.p == pytest.approx(as_large / 6**3, abs=0.03)
    assert concordance(rows).p == as_large / 6**3


def test_p_of_a_small_panel_is_that_of_the_published_table():
    # Kendall and Babington Smith's table of S, printed in Siegel (1956), table R, and Friedman's (1937) exact p: three
    # people on three options, chi-square 6 (W 1): .028, 4.667 (W .778): .194; four on three, chi-square 6.5: .042.
    assert round(concordance([(1, 2, 3)] * 3).p, 3) == 0.028
    assert round(concordance([(1, 2, 3), (1, 2, 3), (1, 3, 2)]).p, 3) == 0.194
    assert round(concordance([(1, 2, 3), (1, 2, 3), (1, 2, 3), (1, 3, 2)]).p, 3) == 0.042


def test_p_of_a_small_panel_does_not_hang_on_a_seed():
    rows = [(1, 2, 3, 4), (2, 1, 3, 4), (1, 4, 2, 3)]
    assert len({concordance(rows, seed=seed).p for seed in range(8)}) == 1


def test_p_is_never_nought_and_the_same_each_time():
    rows = [(1, 2, 3, 4, 5)] * 6
    assert concordance(rows, permutations=99, most_counted=0).p == 1 / 100
    # Six people who rank five options alike: one of (5!)^5 ways.
    assert concordance(rows).p == pytest.approx(1 / 120**5)
    assert concordance(ANXIETY) == concordance(ANXIETY[::-1])
    assert concordance(ANXIETY, seed=4) == concordance(ANXIETY, seed=4)


@pytest.mark.parametrize("rows", [[], [(1, 2, 3)], [(1,), (1,)], [(1, 1, 1), (2, 2, 2)], [(), ()]])
def test_nothing_to_agree_on_has_no_w(rows):
    found = concordance(rows)
    assert (found.w, found.p, found.chi_square) == (None, None, None)
    assert describe_concordance(found).startswith("Kendall's W cannot be given")


def test_rows_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="same options"):
        concordance([(1, 2), (1, 2, 3)])


def test_describe_concordance_gives_both_numbers():
    assert describe_concordance(concordance([(1, 2, 3, 4, 5)] * 6)) == (
        "Kendall's W 1.00 among 6 people (p under 0.001, all rankings counted)")
    assert describe_concordance(concordance([(1, 2, 3, 4, 5)] * 6, most_counted=0)) == (
        "Kendall's W 1.00 among 6 people (p 0.001, 999 permutations)")
    assert describe_concordance(concordance(ANXIETY, permutations=0)) == "Kendall's W 0.54 among 3 people"
