"""Percent agreement: the boundary, who counts, other scales, and raising a vote never losing consensus."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rulebook import rule_named

RULE = rule_named("percent_agreement")

# ratings, word, is fragile
PANELS = [
    ([7] * 9 + [5] * 3, "consensus_for", True),
    ([7] * 8 + [5] * 4, "no_consensus", False),
    ([7] * 11 + [5] * 4, "no_consensus", True),
    ([3] * 6 + [4] * 2, "consensus_against", True),
    ([6] * 20, "no_consensus", False),
    ([9] * 20, "consensus_for", False),
    ([1] * 10 + [9] * 10, "no_consensus", False),
    ([9] * 5, "consensus_for", True),
    ([9] * 4, "too_few", None),
]


@pytest.mark.parametrize(("ratings", "word", "is_fragile"), PANELS)
def test_verdict_at_75_percent(ratings, word, is_fragile, make_panel):
    verdict = RULE.judge(make_panel(ratings))
    assert (verdict.word, verdict.is_fragile) == (word, is_fragile)


def test_verdict_gives_its_reason_with_counts_and_interval(make_panel):
    verdict = RULE.judge(make_panel([8] * 9 + [2] * 3), version=1)
    assert verdict.because == (
        "9 of 12 (75.0 %, 95 % interval 46.8 to 91.1 %) rated it 7 or more; "
        "the rule asks for 75 % of everyone who gave a rating."
    )
    assert (verdict.figures["high"], verdict.figures["middle"], verdict.figures["low"]) == (9, 0, 3)
    assert verdict.figures["interval_high"] == pytest.approx((0.46769466506643426, 0.9110583316059453))


def test_verdict_without_consensus_shows_both_sides(make_panel):
    because = RULE.judge(make_panel([8] * 6 + [2] * 4)).because
    assert because.startswith("6 of 10 (60.0 %, ")
    assert " and 4 of 10 (40.0 %, " in because


@pytest.mark.parametrize(
    ("who_counts", "total", "word"),
    [("rated", 12, "consensus_for"), ("answered", 15, "no_consensus"), ("entitled", 20, "no_consensus")],
)
def test_who_counts_changes_the_denominator(who_counts, total, word, make_panel):
    panel = make_panel([8] * 9 + [2] * 3, abstained=1, outside_expertise=2, entitled=20, recused=4)
    verdict = RULE.judge(panel, {"who_counts": who_counts})
    assert (verdict.figures["total"], verdict.word) == (total, word)


def test_an_abstainer_can_make_a_verdict_fragile(make_panel):
    # 8 of 11 answers are 72.7 %; without one abstainer 8 of 10 reach 75 %, without one rater 7 of 10 do not.
    counted = RULE.judge(make_panel([9] * 8, abstained=3), {"who_counts": "answered"})
    uncounted = RULE.judge(make_panel([9] * 8, abstained=3), {"who_counts": "rated"})
    assert (counted.word, counted.is_fragile) == ("no_consensus", True)
    assert (uncounted.word, uncounted.is_fragile) == ("consensus_for", False)


def test_bands_follow_the_scale_and_can_be_set():
    panel = RatingPanel((4,) * 6 + (3,) * 2, scale_min=1, scale_max=5, entitled=8, invited=8)
    by_thirds, by_hand = RULE.judge(panel), RULE.judge(panel, {"for_from": 5})
    assert (by_thirds.word, by_thirds.params["for_from"]) == ("consensus_for", 4)
    assert (by_hand.word, by_hand.figures["high"]) == ("no_consensus", 0)


@settings(deadline=None)
@given(
    high=st.lists(st.integers(7, 9), min_size=6, max_size=20),
    others=st.lists(st.integers(1, 9), max_size=6),
    place=st.integers(0, 100),
    raised_by=st.integers(1, 8),
    threshold=st.integers(51, 75),
)
def test_raising_one_vote_never_loses_consensus_for(high, others, place, raised_by, threshold, make_panel):
    ratings = high + others
    before = RULE.judge(make_panel(ratings), {"threshold": threshold}).word
    raised = list(ratings)
    raised[place % len(raised)] = min(9, raised[place % len(raised)] + raised_by)
    after = RULE.judge(make_panel(raised), {"threshold": threshold}).word
    assert before != "consensus_for" or after == "consensus_for"
    assert before == "consensus_against" or after != "consensus_against"
