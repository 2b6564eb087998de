"""Rules asked of each stakeholder group, and what newer terms say otherwise than older ones."""

import pytest

from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule import RuleParamsInvalid, parse_params
from sigforum.consensus.rulebook import rule_named

SEVENTY, PERCENT, MAJORITY = map(rule_named, ("seventy_fifteen", "percent_agreement", "two_thirds"))
PATIENTS_FOR = {"patients": (8,) * 5, "clinicians": (8,) * 5 + (5,) * 10}
BOTH_AGAINST = {"patients": (8, 8, 5, 5, 5), "clinicians": (8,) * 5 + (5,) * 10}


def panel(groups, **changes):
    ratings = tuple(one for own in groups.values() for one in own)
    return RatingPanel(ratings, scale_min=1, scale_max=9, entitled=len(ratings), invited=len(ratings),
                       groups=tuple(groups.items()), **changes)


@pytest.mark.parametrize(("groups", "word"), [
    (PATIENTS_FOR, "no_consensus"), (BOTH_AGAINST, "consensus_against"),
    ({"patients": (8,) * 8, "clinicians": (8,) * 9}, "consensus_for")])
def test_half_or_fewer_is_asked_in_each_group(groups, word):
    # Trials 19 (2018) s13063-018-2805-2, table 3, and the cases of the file beside it.
    assert SEVENTY.judge(panel(groups), {"variant": "out50_each_group"}).word == word


def test_groups_of_the_case_file_are_judged_as_expected(read_case):
    cases = [case for case in read_case("comet_70_15.json")["cases"] if "groups" in case]
    assert len(cases) == 2
    for case in cases:
        found = panel({name: tuple(own) for name, own in case["groups"].items()})
        words = {"in": "consensus_for", "out": "consensus_against", "none": "no_consensus"}
        assert SEVENTY.judge(found, {"variant": "out50_each_group"}).word == words[case["expected"]["variant_out50"]]
        assert SEVENTY.judge(found).word == words[case["expected"]["orig"]]


def test_stored_rule_keeps_its_meaning_and_no_new_one_has_it():
    assert SEVENTY.judge(panel(PATIENTS_FOR), {"variant": "variant_out50"}, version=1).word == "consensus_against"
    with pytest.raises(RuleParamsInvalid):
        parse_params(SEVENTY, {"variant": "variant_out50"}, is_new=True)
    with pytest.raises(RuleParamsInvalid):
        parse_params(MAJORITY, {"majority_of": "present"}, is_new=True)
    assert parse_params(MAJORITY, {"majority_of": "present"})["majority_of"] == "present"


def test_present_counted_those_who_answered():
    motion = RatingPanel((1,) * 7 + (0,), scale_min=0, scale_max=1, entitled=20, invited=20, abstained=4)
    before = MAJORITY.judge(motion, {"majority_of": "present"}, version=1)
    now = MAJORITY.judge(motion, {"majority_of": "answered"})
    assert (before.word, before.figures["total"]) == (now.word, now.figures["total"]) == ("no_consensus", 12)
    assert "those who answered" in now.because
    assert "interval" not in now.because
    assert "interval" in before.because


def test_condition_holds_in_each_group_or_not_at_all():
    split = panel({"industry": (8,) * 15, "patients": (8,) * 3 + (5,) * 2})
    assert PERCENT.judge(split).word == "consensus_for"
    asked = PERCENT.judge(split, {"each_group": True})
    assert asked.word == "no_consensus"
    assert "does not hold among patients" in asked.because
    assert asked.figures["groups_met"] == [["industry", True, False], ["patients", False, False]]
    agreed = PERCENT.judge(panel({"industry": (8,) * 15, "patients": (8,) * 4 + (5,)}), {"each_group": True})
    assert agreed.word == "consensus_for"
    assert "each of 2 stakeholder groups: industry and patients" in agreed.because


def test_one_person_less_is_asked_of_each_group():
    # 4 of 5 patients are 80 %; without one of the four, 3 of 4 are 75 % still; with a threshold of 80 they are not.
    found = panel({"industry": (8,) * 15, "patients": (8,) * 4 + (5,)})
    assert PERCENT.judge(found, {"each_group": True, "threshold": 75}).is_fragile is False
    assert PERCENT.judge(found, {"each_group": True, "threshold": 80}).is_fragile is True


def test_groups_with_other_ratings_than_the_panel_are_refused():
    with pytest.raises(ValueError, match="other ratings"):
        RatingPanel((8, 8), scale_min=1, scale_max=9, entitled=2, invited=2, groups=(("a", (8, 7)),))


def test_rand_ucla_asks_for_agreement_unless_told_otherwise():
    nine = (7, 7, 7, 7, 7, 1, 1, 4, 4)
    found = RatingPanel(nine, scale_min=1, scale_max=9, entitled=9, invited=9)
    assert rule_named("rand_ucla").judge(found).word == "no_consensus"
    assert rule_named("rand_ucla").judge(found, {"needed": "no_disagreement"}).word == "consensus_for"


def test_too_few_is_told_from_turning():
    few = RatingPanel((8,) * 5, scale_min=1, scale_max=9, entitled=5, invited=5)
    assert PERCENT.judge(few).fragility == (
        "With one person less there would be too few to say; nobody's absence would turn it.")
    turns = RatingPanel((8,) * 6 + (5,) * 2, scale_min=1, scale_max=9, entitled=8, invited=8)
    assert PERCENT.judge(turns).fragility == "One person less could change this verdict."


def test_interval_of_a_panel_says_as_if_of_what():
    found = RatingPanel((8,) * 6, scale_min=1, scale_max=9, entitled=6, invited=6)
    for name in ("percent_agreement", "seventy_fifteen", "median_iqr"):
        assert "as if the panel were a random sample of a larger one" in rule_named(name).judge(found).because
        assert "random sample" not in rule_named(name).judge(found, version=1).because
