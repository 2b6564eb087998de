"""What every rule in the folder keeps true, whoever wrote it: a new rule file is walked through it all."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus import rules
from sigforum.consensus.rule_fields import FieldKind
from sigforum.consensus.rulebook import all_rules, rule_named
from sigforum.consensus.scale import Scale
from sigforum.consensus.verdicts import VerdictWord

NAMES = sorted(all_rules())
RATINGS = st.lists(st.integers(1, 9), max_size=24)


def some_params(rule):
    """Parameter sets that a rule can be given: choices and switches vary, everything else is the default."""
    varied = {
        field.name: st.sampled_from([choice.value for choice in field.choices])
        if field.kind is FieldKind.CHOICE
        else st.booleans()
        for field in rule.fields
        if field.kind in {FieldKind.CHOICE, FieldKind.BOOLEAN}
    }
    return st.fixed_dictionaries(varied)


def test_rulebook_finds_a_file_for_each_rule():
    files = sorted(path.stem for path in Path(rules.__path__[0]).glob("*.py") if path.stem != "__init__")
    assert files == NAMES
    assert {"median_iqr", "percent_agreement", "rand_ucla", "seventy_fifteen"} <= set(NAMES)
    assert [rule_named(name).name for name in NAMES] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_rule_describes_itself_with_and_without_a_scale(name):
    rule = rule_named(name)
    without, on_nine = rule.describe({}), rule.describe({}, scale=Scale(1, 9))
    for sentence in (without, on_nine):
        assert sentence.startswith("Consensus")
        assert sentence.endswith(".")
        assert "None" not in sentence
        assert "ratings" in sentence or rule.applies_to == {"motion"}
    assert rule.label
    assert rule.source
    assert rule.applies_to in ({"rating"}, {"motion"})


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)
@given(data=st.data())
def test_rule_describes_every_choice_in_different_words(name, data):
    rule = rule_named(name)
    params = data.draw(some_params(rule))
    sentence = rule.describe(params, scale=Scale(1, 9))
    assert sentence.endswith(".")
    assert "_" not in sentence


@pytest.mark.parametrize("name", NAMES)
def test_rule_says_too_few_of_nobody(name, make_panel):
    verdict = rule_named(name).judge(make_panel([], entitled=12, abstained=3))
    assert verdict.word is VerdictWord.TOO_FEW
    assert verdict.is_fragile is None
    assert "0 people" in verdict.because


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)
@given(data=st.data(), ratings=RATINGS)
def test_rule_judges_every_panel_with_a_sentence_and_plain_numbers(name, data, ratings, make_panel):
    rule = rule_named(name)
    params = data.draw(some_params(rule))
    verdict = rule.judge(make_panel(ratings, abstained=1, outside_expertise=2, recused=1), params)
    assert verdict.rule == name
    assert verdict.because.endswith(".")
    said = len(ratings) if verdict.word is VerdictWord.TOO_FEW else verdict.figures.get("total", len(ratings))
    assert re.search(rf"\b{said}\b", verdict.because)
    assert verdict.figures["rated"] == len(ratings)
    assert verdict.figures["entitled"] == len(ratings) + 3
    assert json.loads(json.dumps(verdict.figures)).keys() == verdict.figures.keys()
    assert json.loads(json.dumps(verdict.params)) == verdict.params
    assert (verdict.is_fragile is None) is (verdict.word is VerdictWord.TOO_FEW)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)
@given(data=st.data(), ratings=RATINGS, random=st.randoms())
def test_rule_ignores_who_rated_first(name, data, ratings, random, make_panel):
    rule = rule_named(name)
    params = data.draw(some_params(rule))
    shuffled = random.sample(ratings, len(ratings))
    assert rule.judge(make_panel(shuffled), params) == rule.judge(make_panel(ratings), params)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)
@given(data=st.data(), ratings=RATINGS)
def test_rule_is_fragile_exactly_when_one_person_tips_it(name, data, ratings, make_panel):
    rule = rule_named(name)
    params = data.draw(some_params(rule))
    verdict = rule.judge(make_panel(ratings), params)
    words = {
        rule.judge(make_panel(ratings[:place] + ratings[place + 1 :]), params).word
        for place in range(len(ratings))
    }
    if verdict.word is not VerdictWord.TOO_FEW:
        assert verdict.is_fragile is bool(words - {verdict.word})


MIRROR = {
    VerdictWord.CONSENSUS_FOR: VerdictWord.CONSENSUS_AGAINST,
    VerdictWord.CONSENSUS_AGAINST: VerdictWord.CONSENSUS_FOR,
}


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("percent_agreement", {}),
        ("seventy_fifteen", {"variant": "orig"}),
        ("median_iqr", {}),
        ("rand_ucla", {"half_medians": "middle"}),
        ("rand_ucla", {"half_medians": "middle", "disagreement": "ipras"}),
        ("rand_ucla", {"half_medians": "middle", "needed": "agreement", "allow_small_panel": True}),
    ],
)
@settings(deadline=None)
@given(ratings=RATINGS)
def test_rule_treats_both_ends_of_the_scale_alike(name, params, ratings, make_panel):
    rule = rule_named(name)
    word = rule.judge(make_panel(ratings), params).word
    mirrored = rule.judge(make_panel([10 - rating for rating in ratings]), params).word
    assert mirrored is MIRROR.get(word, word)


@pytest.mark.parametrize("name", ["percent_agreement", "seventy_fifteen"])
@settings(deadline=None)
@given(ratings=st.lists(st.integers(1, 9), min_size=5, max_size=24))
def test_doubling_the_panel_keeps_percentages_and_word(name, ratings, make_panel):
    rule = rule_named(name)
    once, twice = rule.judge(make_panel(ratings)), rule.judge(make_panel(ratings + ratings))
    assert twice.word is once.word
    assert twice.figures["percent_high"] == once.figures["percent_high"]
    assert twice.figures["percent_low"] == once.figures["percent_low"]
    assert twice.figures["high"] == 2 * once.figures["high"]
