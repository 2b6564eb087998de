"""What a rule's verdict says of majorities and of one person less."""

from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rulebook import rule_named
from sigforum.consensus.verdicts import describe_fragility


def test_majority_of_those_who_may_vote_has_no_interval():
    motion = RatingPanel((1,) * 7 + (0,), scale_min=0, scale_max=1, entitled=20, invited=20, abstained=4)
    found = rule_named("two_thirds").judge(motion, {"majority_of": "votes"})
    assert found.word == "consensus_for"
    assert "interval" not in found.because
    assert "7 of 8 (87.5 %) voted yes" in found.because


def test_one_less_that_is_only_too_few_is_no_turn():
    few = RatingPanel((8,) * 5, scale_min=1, scale_max=9, entitled=5, invited=5)
    told = describe_fragility(rule_named("percent_agreement").judge(few))
    assert "change this verdict" not in told
    assert "too few to say" in told
    turns = RatingPanel((8,) * 6 + (5,) * 2, scale_min=1, scale_max=9, entitled=8, invited=8)
    assert "change this verdict" in describe_fragility(rule_named("percent_agreement").judge(turns))
