"""70/15 on its boundaries: 70 is enough, 15 is too many, and both ways to be out."""

import pytest

from sigforum.consensus.rulebook import rule_named

RULE = rule_named("seventy_fifteen")
WORD_OF = {"in": "consensus_for", "out": "consensus_against", "none": "no_consensus"}

# how many rated 8, 5 and 2; the original; out at half or fewer
BOUNDARIES = [
    ((14, 6, 0), "in", "in"),
    ((14, 3, 3), "none", "none"),
    ((14, 4, 2), "in", "in"),
    ((9, 4, 0), "none", "none"),
    ((2, 3, 15), "out", "out"),
    ((10, 10, 0), "none", "out"),
    ((11, 9, 0), "none", "none"),
    ((3, 3, 14), "none", "out"),
]


@pytest.mark.parametrize(("counts", "original", "at_half"), BOUNDARIES)
def test_verdict_on_the_boundaries(counts, original, at_half, make_panel):
    ratings = [8] * counts[0] + [5] * counts[1] + [2] * counts[2]
    words = [
        RULE.judge(make_panel(ratings), {"variant": variant}).word for variant in ("orig", "variant_out50")
    ]
    assert words == [WORD_OF[original], WORD_OF[at_half]]


def test_verdict_gives_the_words_of_the_case_file(read_case, make_panel):
    cases = read_case("comet_70_15.json")["cases"]
    seen = set()
    for case in (one for one in cases if "groups" not in one):
        expected = case["expected"]
        for variant in ("orig", "variant_out50"):
            verdict = RULE.judge(make_panel(case["ratings"]), {"variant": variant})
            assert verdict.word == WORD_OF[expected[variant]], (case["name"], variant)
            assert verdict.figures["percent_high"] == pytest.approx(expected["pct_high"])
            assert verdict.figures["percent_low"] == pytest.approx(expected["pct_low"])
            seen.add(verdict.word)
    assert seen == set(WORD_OF.values())


def test_verdict_gives_both_counts_in_its_reason(make_panel):
    verdict = RULE.judge(make_panel([8] * 14 + [5] * 3 + [2] * 3), version=1)
    assert verdict.because == (
        "14 of 20 (70.0 %, 95 % interval 48.1 to 85.5 %) rated it 7 or more and "
        "3 of 20 (15.0 %, 95 % interval 5.2 to 36.0 %) rated it 3 or less; neither side meets its condition."
    )
    assert verdict.is_fragile is True


def test_verdict_under_the_minimum_is_too_few(make_panel):
    assert RULE.judge(make_panel([9] * 4)).word == "too_few"
    assert RULE.judge(make_panel([9] * 4), {"minimum_voters": 4}).word == "consensus_for"
