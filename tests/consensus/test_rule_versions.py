"""Sentences that stand in published sheets and summaries: rounds of an earlier version keep theirs to the letter."""

import pytest

from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rulebook import rule_named

AS_IF = " Intervals are as if the panel were a random sample of a larger one."
APART, NEAR, BELOW = [1] * 9 + [8] * 9, [8] * 17 + [5], [2] * 16 + [5, 9]

EARLIER = [
    ("rand_ucla", {}, APART,
     "The median is 4.5 and 0 of 18 (0.0 %, 95 % interval 0.0 to 17.6 %) rated 4 to 6; 9 of 18 rated 1 to "
     "3 and 9 of 18 rated 7 to 9, where 6 on each side would be disagreement; agreement allows 5 outside 4 "
     "to 6."),
    ("rand_ucla", {}, NEAR,
     "The median is 8 and 17 of 18 (94.4 %, 95 % interval 74.2 to 99.0 %) rated 7 to 9; 0 of 18 rated 1 to "
     "3 and 17 of 18 rated 7 to 9, where 6 on each side would be disagreement; agreement allows 5 outside "
     "7 to 9."),
    ("rand_ucla", {"disagreement": "ipras"}, APART,
     "The median is 4.5 and 0 of 18 (0.0 %, 95 % interval 0.0 to 17.6 %) rated 4 to 6; the middle 40 % "
     "spans 7 (from 1 to 8), where up to 3.1 is allowed (percentiles: linear); agreement allows 5 outside "
     "4 to 6."),
    ("percent_agreement", {}, NEAR,
     "17 of 18 (94.4 %, 95 % interval 74.2 to 99.0 %) rated it 7 or more; the rule asks for 75 % of "
     "everyone who gave a rating."),
    ("seventy_fifteen", {}, BELOW,
     "1 of 18 (5.6 %, 95 % interval 1.0 to 25.8 %) rated it 7 or more and 16 of 18 (88.9 %, 95 % interval "
     "67.2 to 96.9 %) rated it 3 or less; consensus against asks for fewer than 15 % and for 70 % or more."),
    ("median_iqr", {"minimum_voters": 1}, [8],
     "The median of 1 ratings is 8 and the interquartile range 0, where at most 2 is asked for; 1 of 1 "
     "(100.0 %, 95 % interval 20.7 to 100.0 %) lie within 2 of the median."),
]


def panel(ratings: list[int]) -> RatingPanel:
    return RatingPanel(tuple(ratings), scale_min=1, scale_max=9, entitled=len(ratings), invited=len(ratings))


@pytest.mark.parametrize(("rule", "params", "ratings", "sentence"), EARLIER)
def test_earlier_versions_keep_their_sentences(
        rule: str, params: dict[str, object], ratings: list[int], sentence: str) -> None:
    judge = rule_named(rule).judge
    assert judge(panel(ratings), params, version=1).because == sentence
    assert judge(panel(ratings), params, version=2).because == sentence + AS_IF
    assert judge(panel(ratings), params).because not in (sentence, sentence + AS_IF)
    assert len({judge(panel(ratings), params, version=version).word for version in (1, 2, 3)}) == 1
