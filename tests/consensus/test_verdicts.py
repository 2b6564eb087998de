"""Verdict words and whether one person less would change them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.verdicts import Verdict, VerdictWord, describe_fragility, leave_one_out


def word_of_average(ratings):
    """For when the average is 5 or more; a judge that has nothing to do with any rule."""
    if not ratings:
        return VerdictWord.TOO_FEW
    return VerdictWord.CONSENSUS_FOR if sum(ratings) >= 5 * len(ratings) else VerdictWord.CONSENSUS_AGAINST


def test_verdict_words_have_labels_for_people():
    assert {word.value: word.label for word in VerdictWord} == {
        "consensus_for": "consensus for",
        "consensus_against": "consensus against",
        "no_consensus": "no consensus",
        "disagreement": "disagreement",
        "too_few": "too few to say",
    }


@pytest.mark.parametrize(
    ("ratings", "is_fragile"),
    [([9, 9, 9], False), ([9, 1, 5], True), ([5], True), ([], False), ([1, 2, 1], False)],
)
def test_leave_one_out_sees_whether_one_person_tips_the_word(ratings, is_fragile):
    assert leave_one_out(word_of_average, ratings) is is_fragile


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), max_size=15))
def test_leave_one_out_agrees_with_leaving_out_everyone_in_turn(ratings):
    words = {word_of_average(ratings[:place] + ratings[place + 1 :]) for place in range(len(ratings))}
    assert leave_one_out(word_of_average, ratings) is bool(words - {word_of_average(ratings)})


def test_describe_fragility_says_nothing_where_nothing_was_judged():
    sentences = [
        describe_fragility(Verdict(VerdictWord.CONSENSUS_FOR, "", {}, "any", {}, is_fragile=is_fragile))
        for is_fragile in (True, False, None)
    ]
    assert sentences == [
        "One person less could change this verdict.",
        "No single person's absence would change this verdict.",
        "",
    ]
