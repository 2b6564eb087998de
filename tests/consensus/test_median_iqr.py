"""Median and interquartile range: close together and on one side, or not."""

import pytest

from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rulebook import rule_named

RULE = rule_named("median_iqr")

# ratings, word, median, interquartile range
PANELS = [
    ([7, 7, 8, 8, 9], "consensus_for", 8, 1),
    ([6, 6, 8, 8, 9], "consensus_for", 8, 2),
    ([5, 5, 8, 8, 9], "no_consensus", 8, 3),
    ([1, 2, 2, 3, 3], "consensus_against", 2, 1),
    ([5, 5, 5, 5, 6], "no_consensus", 5, 0),
    ([6, 6, 6, 7, 7, 7], "no_consensus", 6.5, 1),
    ([1, 1, 1, 9, 9, 9], "no_consensus", 5, 8),
]


@pytest.mark.parametrize(("ratings", "word", "median", "iqr"), PANELS)
def test_verdict_on_nine_points(ratings, word, median, iqr, make_panel):
    verdict = RULE.judge(make_panel(ratings))
    assert (verdict.word, verdict.figures["median"], verdict.figures["iqr"]) == (word, median, iqr)


def test_verdict_gives_its_numbers_in_the_reason(make_panel):
    assert RULE.judge(make_panel([5, 5, 8, 8, 9]), version=1).because == (
        "The median of 5 ratings is 8 and the interquartile range 3, where at most 2 is asked for; "
        "3 of 5 (60.0 %, 95 % interval 23.1 to 88.2 %) lie within 2 of the median."
    )
    assert RULE.judge(make_panel([5, 5, 5, 5, 6]), version=1).because.endswith("but the median lies on neither side.")


def test_verdict_depends_on_the_convention_that_is_stored(make_panel):
    ratings = [5, 6, 7, 8, 8, 8]
    words = {
        convention: RULE.judge(make_panel(ratings), {"convention": convention, "maximum_iqr": 1.75}).word
        for convention in ("linear", "lower", "higher", "nearest-rank")
    }
    assert words == {
        "linear": "consensus_for",
        "lower": "no_consensus",
        "higher": "consensus_for",
        "nearest-rank": "no_consensus",
    }


def test_width_reads_a_decimal_as_written(make_panel):
    ratings = [7, 7, 8, 9, 9]
    assert RULE.judge(make_panel(ratings), {"maximum_iqr": "1.9"}).word == "no_consensus"
    assert RULE.judge(make_panel(ratings), {"maximum_iqr": "2"}).word == "consensus_for"


def test_short_scales_ask_for_a_narrower_range():
    ratings = (3, 3, 5, 5, 5, 5)
    panel = RatingPanel(ratings, scale_min=1, scale_max=5, entitled=6, invited=6)
    assert RULE.judge(panel).figures["iqr"] == 1.5
    assert RULE.judge(panel).word == "no_consensus"
    assert RULE.judge(panel, {"maximum_iqr": 2}).word == "consensus_for"
