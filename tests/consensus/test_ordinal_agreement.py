"""Three measures of one distribution on an ordered scale, against published numbers and by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.leik import describe_leik, leik_dispersion
from sigforum.consensus.tastle_wierman import describe_tastle_wierman, tastle_wierman_consensus
from sigforum.consensus.van_der_eijk import agreement_a, describe_agreement_a, polarization

MEASURES = [agreement_a, tastle_wierman_consensus, leik_dispersion]
COUNTS = st.lists(st.integers(0, 12), min_size=2, max_size=9).filter(any)


def test_measures_give_the_published_numbers_of_the_case_file(read_case):
    case = read_case("agreement_vandereijk_tastle.json")
    first, second, third = case["published"]
    assert agreement_a(first["freq"]) == pytest.approx(first["A"], abs=5e-8)
    assert tastle_wierman_consensus(first["freq"]) == pytest.approx(first["consensus"], abs=5e-8)
    assert leik_dispersion(first["freq"]) == pytest.approx(first["leik_dispersion"], abs=5e-4)
    assert polarization(first["freq"]) == pytest.approx(first["polarization"], abs=5e-8)
    assert [round(agreement_a(each["freq"]), 2) for each in (second, third)] == [second["A"], third["A"]]
    full = case["full_precision"]
    assert [agreement_a(each["freq"]) for each in case["published"]] == pytest.approx(
        [full["A"], full["A_pvda"], full["A_d66"]], abs=1e-12)
    assert tastle_wierman_consensus(first["freq"]) == pytest.approx(full["consensus"], abs=1e-12)
    assert leik_dispersion(first["freq"]) == pytest.approx(full["leik"], abs=1e-12)


def test_measures_give_the_computed_numbers_of_the_case_file(read_case):
    cases = read_case("agreement_vandereijk_tastle.json")["computed_here"]
    for each in cases:
        found = [measure(each["freq"]) for measure in MEASURES]
        assert found == pytest.approx([each["A"], each["consensus"], each["leik"]], abs=1e-12), each["name"]
    assert len({each["A"] for each in cases}) == len(cases) > 4


# counts, A, consensus, Leik's D; by hand:
# (1, 1, 0): one layer 110, one triple 1 1 0, so U = 1 and A = 1 - 1/2; the mean lies half a step from either point, and
# 1 + log2(1 - 1/4); F = 1/2, 1, 1, so D = 2 * 1/2 / 2.
# (3, 0, 1): a layer 101 holding 2 of 4 with A = -1, and 100 holding 2 of 4 with A = 1.
BY_HAND = [((1, 1, 0), 0.5, 0.5849625007211562, 0.5), ((3, 0, 1), 0.0, None, 0.5), ((4, 4), 0.0, 0.0, 1.0),
           ((0, 4), 1.0, 1.0, 0.0)]


@pytest.mark.parametrize(("counts", "agreement", "consensus", "dispersion"), BY_HAND)
def test_measures_are_those_counted_by_hand(counts, agreement, consensus, dispersion):
    assert agreement_a(counts) == agreement
    assert leik_dispersion(counts) == dispersion
    if consensus is not None:
        assert tastle_wierman_consensus(counts) == pytest.approx(consensus, abs=1e-12)


@settings(deadline=None)
@given(COUNTS)
def test_measures_stay_in_their_range_mirror_and_ignore_the_size_of_the_panel(counts):
    for measure, low in zip(MEASURES, (-1, 0, 0), strict=True):
        found = measure(counts)
        assert low - 1e-12 <= found <= 1 + 1e-12
        assert measure(counts[::-1]) == pytest.approx(found, abs=1e-12)
        assert measure([2 * count for count in counts]) == pytest.approx(found, abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(("counts", "message"), [
    ((), "two points"), ((3,), "two points"), ((0, 0), "at least one person"), ((2, -1), "negative")])
def test_measures_refuse_what_is_no_distribution(measure, counts, message):
    with pytest.raises(ValueError, match=message):
        measure(counts)


def test_measures_read_out_what_their_ends_mean():
    assert describe_agreement_a(0.61133) == "agreement A 0.61 (1 all on one point, 0 spread evenly, -1 two camps)"
    assert describe_tastle_wierman(0.5).startswith("consensus 0.5 by Tastle and Wierman (1 all on one point")
    assert describe_leik(0.287) == "Leik's dispersion 0.29 (0 all on one point, 1 two camps at the ends)"
