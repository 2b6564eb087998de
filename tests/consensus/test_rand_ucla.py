"""RAND/UCLA: the published example, the panel-size table, half medians, IPRAS and small panels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.interpercentile import describe_interpercentile, interpercentile_range
from sigforum.consensus.panel_size import (
    describe_panel_size,
    has_disagreement,
    is_published_size,
    panel_size_limits,
)
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule import RuleParamsInvalid
from sigforum.consensus.rulebook import rule_named
from sigforum.consensus.scale import Scale

RULE = rule_named("rand_ucla")
PUBLISHED = [4, 5, 6, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8, 9, 9]

# smallest and largest panel of a row, most outside for agreement, fewest in each extreme for disagreement
TABLE = [(8, 10, 2, 3), (11, 13, 3, 4), (14, 16, 4, 5), (17, 19, 5, 6), (20, 22, 6, 7), (23, 25, 7, 8)]


@pytest.mark.parametrize("convention", ["linear", "lower", "higher", "nearest-rank"])
def test_published_example_gives_its_numbers(convention, make_panel):
    verdict = RULE.judge(make_panel(PUBLISHED), {"disagreement": "ipras", "convention": convention})
    names = ("median", "p30", "p70", "ipr", "iprcp", "asymmetry_index", "ipras")
    assert [verdict.figures[name] for name in names] == [7, 7, 8, 1, 7.5, 2.5, 6.1]
    assert verdict.word == "consensus_for"
    assert verdict.params["convention"] == convention


def test_published_example_gives_the_numbers_of_the_case_file(read_case, make_panel):
    case = read_case("rand_ucla.json")
    expected = case["published"]["expected"]
    ratings = case["published"]["ratings"]
    spread = interpercentile_range(ratings)
    assert float(spread.p30) == expected["p30"]
    assert float(spread.p70) == expected["p70"]
    assert float(spread.width) == expected["IPR"]
    assert float(spread.centre) == expected["IPRCP"]
    assert float(spread.asymmetry) == expected["AI"]
    assert float(spread.allowed_width) == expected["IPRAS"]
    assert spread.is_disagreement is expected["disagreement"]
    assert RULE.judge(make_panel(ratings)).figures["median"] == expected["median"]


@pytest.mark.parametrize(("smallest", "largest", "outside", "extreme"), TABLE)
def test_panel_size_limits_give_the_published_table(smallest, largest, outside, extreme):
    for people in range(smallest, largest + 1):
        limits = panel_size_limits(people)
        assert (limits.agreement_max_outside, limits.disagreement_min_each_extreme) == (outside, extreme)
        assert is_published_size(people) is (people <= 16)


def test_panel_size_limits_give_every_row_of_the_case_file(read_case):
    case = read_case("rand_ucla.json")
    rows = 0
    for row in case["panel_size_table"]:
        for people in range(row["n"][0], row["n"][1] + 1):
            limits = panel_size_limits(people)
            assert limits.agreement_max_outside == row["agreement_max_outside"]
            assert limits.disagreement_min_each_extreme == row["disagreement_min_each_extreme"]
            rows += 1
    for row in case["agreement_only_extension"]:
        for people in range(row["n"][0], row["n"][1] + 1):
            assert panel_size_limits(people).agreement_max_outside == row["max_outside"]
            rows += 1
    assert rows == 18


@pytest.mark.parametrize(("smallest", "largest", "outside", "extreme"), TABLE)
def test_disagreement_begins_at_the_table_row(smallest, largest, outside, extreme, make_panel):
    for people in range(smallest, largest + 1):
        enough = [1] * extreme + [5] * (people - 2 * extreme) + [9] * extreme
        one_short = [1] * (extreme - 1) + [5] * (people - 2 * extreme + 1) + [9] * extreme
        assert RULE.judge(make_panel(enough)).word == "disagreement"
        assert RULE.judge(make_panel(one_short)).word != "disagreement"


@pytest.mark.parametrize(("smallest", "largest", "outside", "extreme"), TABLE)
def test_agreement_ends_at_the_table_row(smallest, largest, outside, extreme, make_panel):
    for people in range(smallest, largest + 1):
        agreed = [8] * (people - outside) + [5] * outside
        one_more = [8] * (people - outside - 1) + [5] * (outside + 1)
        found = [RULE.judge(make_panel(ratings), {"needed": "agreement"}) for ratings in (agreed, one_more)]
        assert [verdict.word for verdict in found] == ["consensus_for", "no_consensus"]
        assert RULE.judge(make_panel(one_more), {"needed": "no_disagreement"}).word == "consensus_for"
        assert f"agreement allows {outside} outside 7 to 9" in found[1].because


# half median, way to read it, word
HALVES = [
    ([3] * 5 + [4] * 5, "higher", "no_consensus"),
    ([3] * 5 + [4] * 5, "middle", "no_consensus"),
    ([3] * 5 + [4] * 5, "lower", "consensus_against"),
    ([6] * 5 + [7] * 5, "higher", "consensus_for"),
    ([6] * 5 + [7] * 5, "middle", "no_consensus"),
    ([6] * 5 + [7] * 5, "lower", "no_consensus"),
]


@pytest.mark.parametrize(("ratings", "half_medians", "word"), HALVES)
def test_half_medians_go_where_the_setting_says(ratings, half_medians, word, make_panel):
    verdict = RULE.judge(make_panel(ratings), {"half_medians": half_medians, "needed": "no_disagreement"})
    assert verdict.figures["median"] in {3.5, 6.5}
    assert verdict.word == word


@pytest.mark.parametrize("half_medians", ["higher", "middle", "lower"])
@pytest.mark.parametrize(
    ("rating", "word"),
    [
        (1, "consensus_against"),
        (3, "consensus_against"),
        (4, "no_consensus"),
        (6, "no_consensus"),
        (7, "consensus_for"),
        (9, "consensus_for"),
    ],
)
def test_whole_medians_belong_to_one_region(rating, word, half_medians, make_panel):
    assert RULE.judge(make_panel([rating] * 8), {"half_medians": half_medians}).word == word


def test_the_two_tests_of_disagreement_can_differ(make_panel):
    # Three of eleven at the low end are one short of the table, yet the middle 40 % reaches from 4 to 8.
    ratings = [1] * 3 + [4] * 3 + [8] * 5
    assert not has_disagreement(ratings)
    assert interpercentile_range(ratings).is_disagreement
    by_size, by_range = (
        RULE.judge(make_panel(ratings), {"disagreement": test, "needed": "no_disagreement"}).word
        for test in ("panel_size", "ipras")
    )
    assert (by_size, by_range) == ("no_consensus", "disagreement")


def test_ipras_compares_without_rounding():
    # Of 11 people the 30th and 70th percentile are the 4th and 8th rating: 4 and 6 span 2, 3 and 7 span 4.
    narrow = interpercentile_range([4] * 4 + [5] * 3 + [6] * 4)
    wide = interpercentile_range([3] * 4 + [5] * 3 + [7] * 4)
    assert (narrow.width, narrow.is_disagreement) == (2, False)
    assert (wide.width, wide.is_disagreement) == (4, True)
    assert float(wide.allowed_width) == 2.35
    # Here the range is exactly as wide as allowed; in floats 6.7 - 3.9 would come out wider than 2.8.
    level = interpercentile_range([3] * 4 + [6] * 4 + [7] * 4)
    assert 6.7 - 3.9 > 2.8
    assert level.width == level.allowed_width
    assert level.is_disagreement is False


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_ipras_agrees_with_the_formula_in_floats(ratings):
    ordered = sorted(ratings)

    def percentile(percent):
        place, rest = divmod((len(ordered) - 1) * percent, 100)
        above = ordered[min(place + 1, len(ordered) - 1)]
        return ordered[place] + (above - ordered[place]) * rest / 100

    p30, p70 = percentile(30), percentile(70)
    spread = interpercentile_range(ratings)
    assert (float(spread.p30), float(spread.p70)) == pytest.approx((p30, p70))
    assert float(spread.allowed_width) == pytest.approx(2.35 + 1.5 * abs(5 - (p30 + p70) / 2))


@pytest.mark.parametrize("people", [0, 1, 5, 7])
def test_small_panels_are_too_few_and_the_reason_says_so(people, make_panel):
    verdict = RULE.judge(make_panel([8] * people))
    assert verdict.word == "too_few"
    assert "RAND/UCLA is described for panels of 8 or more" in verdict.because


def test_small_panels_can_be_allowed_and_the_reason_still_says_so(make_panel):
    verdict = RULE.judge(make_panel([8] * 7), {"allow_small_panel": "yes"}, version=1)
    assert verdict.word == "consensus_for"
    assert verdict.because.endswith("; 7 ratings are fewer than the 8 the method asks for.")
    assert "fewer than the 8" not in RULE.judge(make_panel([8] * 8), {"allow_small_panel": "yes"}).because
    assert RULE.judge(make_panel([8] * 2), {"allow_small_panel": "yes"}).word == "too_few"


@pytest.mark.parametrize("scale", [Scale(1, 5), Scale(0, 9), Scale(1, 10), Scale(0, 10)])
def test_other_scales_are_refused(scale):
    assert not RULE.supports(scale)
    panel = RatingPanel((5,) * 9, scale_min=scale.minimum, scale_max=scale.maximum, entitled=9, invited=9)
    with pytest.raises(RuleParamsInvalid, match=f"not defined on a scale from {scale}"):
        RULE.judge(panel)


def test_measures_refuse_what_they_are_not_defined_for():
    with pytest.raises(ValueError, match="ratings from 1 to 9, not 10"):
        interpercentile_range([5, 10])
    with pytest.raises(ValueError, match="at least two people"):
        panel_size_limits(1)


def test_measures_read_out_in_plain_words():
    assert describe_panel_size(12) == (
        "for 12 people, at most 3 outside the region; disagreement from 4 in each extreme"
    )
    assert describe_interpercentile(interpercentile_range(PUBLISHED)) == (
        "the middle 40 % spans 1 (from 7 to 8), where up to 6.1 is allowed"
    )
