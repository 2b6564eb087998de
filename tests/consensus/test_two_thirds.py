"""Two thirds with a quorum on its boundaries: what is enough, who is counted, and when nothing is said."""

import pytest

from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule import RuleParamsInvalid
from sigforum.consensus.rulebook import rule_named

RULE = rule_named("two_thirds")


def panel(yes, no, abstained=0, *, entitled=None):
    people = entitled if entitled is not None else yes + no + abstained
    return RatingPanel((0,) * no + (1,) * yes, scale_min=0, scale_max=1, abstained=abstained, entitled=people,
                       invited=people)


@pytest.mark.parametrize(("majority", "yes", "no", "word"), [
    ("2/3", 2, 1, "consensus_for"),
    ("2/3", 16, 8, "consensus_for"),
    ("2/3", 15, 8, "no_consensus"),
    ("2/3", 8, 16, "consensus_against"),
    # In binary floating point two thirds of 333333 is not reached by 222222.
    ("2/3", 222222, 111111, "consensus_for"),
    ("2/3", 222221, 111112, "no_consensus"),
    ("1/2", 10, 10, "no_consensus"),
    ("1/2", 11, 10, "consensus_for"),
    ("1/2", 10, 11, "consensus_against"),
    ("3/4", 15, 5, "consensus_for"),
    ("3/4", 14, 5, "no_consensus"),
    ("4/5", 16, 4, "consensus_for"),
    ("4/5", 15, 4, "no_consensus"),
    ("1/1", 20, 0, "consensus_for"),
    ("1/1", 19, 1, "no_consensus"),
])
def test_majority_is_reached_exactly(majority, yes, no, word):
    assert RULE.decide(panel(yes, no), {"majority": majority, "majority_of": "votes", "quorum": 50}).word == word


@pytest.mark.parametrize(("quorum", "entitled", "word"), [
    (50, 20, "consensus_for"), (50, 21, "too_few"), (0, 1000, "consensus_for"), (100, 10, "consensus_for"),
    (100, 11, "too_few"), (33, 30, "consensus_for"), (34, 30, "too_few")])
def test_quorum_is_of_those_entitled_and_counts_abstentions(quorum, entitled, word):
    verdict = RULE.judge(panel(6, 1, 3, entitled=entitled), {"quorum": quorum})
    assert verdict.word == word
    assert verdict.figures["is_quorate"] is (word != "too_few")


@pytest.mark.parametrize(("majority_of", "total", "word"), [
    ("votes", 9, "consensus_for"), ("present", 12, "no_consensus"), ("entitled", 14, "no_consensus")])
def test_abstentions_weigh_on_the_majority_only_where_the_rule_says_so(majority_of, total, word):
    verdict = RULE.judge(panel(7, 2, 3, entitled=14), {"majority_of": majority_of})
    assert (verdict.word, verdict.figures["total"]) == (word, total)


def test_quorum_of_abstentions_alone_decides_nothing():
    verdict = RULE.judge(panel(0, 0, 10), version=1)
    assert (verdict.word, verdict.is_fragile) == ("too_few", None)
    assert verdict.because == (
        "Only 0 people voted yes or no; 10 of 10 entitled people took part; the quorum is 50 %.")


def test_verdict_gives_both_shares_and_the_quorum():
    verdict = RULE.judge(panel(16, 8, 2, entitled=30), version=1)
    assert verdict.because == (
        "16 of 24 (66.7 %, 95 % interval 46.7 to 82.0 %) voted yes and "
        "8 of 24 (33.3 %, 95 % interval 18.0 to 53.3 %) no; the rule asks for at least two thirds of those who vote "
        "yes or no (abstentions left out). 26 of 30 entitled people took part; the quorum is 50 %.")
    assert verdict.is_fragile is True


def test_one_person_less_can_cost_the_quorum():
    assert RULE.judge(panel(9, 0, 1, entitled=20)).is_fragile is True
    assert RULE.judge(panel(9, 0, 3, entitled=20)).is_fragile is False


def test_setting_out_of_range_is_refused():
    for params in ({"quorum": 101}, {"majority": "1/3"}, {"majority_of": "all"}):
        with pytest.raises(RuleParamsInvalid) as refused:
            RULE.judge(panel(3, 1), params)
        assert set(refused.value.errors) == set(params)
