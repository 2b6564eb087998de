"""Open text: what is kept of it, in which order it is shown, and never live."""

import random

import pytest

from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.kinds.text import KIND
from sigforum.kernel.errors import Invalid

PAPER = Paper(options=(PaperOption(key="o1", text="Why?"), PaperOption(key="o2", text="Why not?")),
              settings={"longest": 1000})


def test_answers_are_sorted_by_their_words() -> None:
    words = ["zebra", "Apple", "apple", "élan", "Banana", "apple"]
    results = set()
    for seed in range(6):
        shuffled = random.Random(seed).sample(words, len(words))
        answers = [{"texts": {"o1": text}, "outside": ["o2"]} for text in shuffled] + [{"abstain": True}]
        first, second = KIND.tally(answers, PAPER, headcount=Headcount(invited=9, entitled=9), rule=None).lines
        results.add(first.texts)
        assert (first.figures, second.figures) == ({"written": 6, "outside": 0}, {"written": 0, "outside": 6})
        assert first.distribution == ()
    assert results == {("Apple", "apple", "apple", "Banana", "zebra", "élan")}


def test_text_is_kept_without_invisible_characters() -> None:
    raw = {"texts": {"o1": " One\r\ntwo\x00\u202e\ud800 "}}
    assert KIND.parse_answer(raw, PAPER) == {"texts": {"o1": "One\ntwo"}, "outside": []}


def test_longest_answer_fits_and_one_more_does_not() -> None:
    assert KIND.parse_answer({"texts": {"o1": "a" * 1000}}, PAPER)["texts"] == {"o1": "a" * 1000}
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer({"texts": {"o1": "a" * 1001}}, PAPER)
    assert refused.value.errors == {"o1": "1001 characters; at most 1000 fit."}


@pytest.mark.parametrize(("raw", "errors"), [
    ({"texts": {"o1": " "}}, {""}), ({}, {""}), ({"texts": {"o1": 5}}, {"o1"}), ({"texts": {"o9": "a"}}, {"o9"}),
    ({"texts": {"o1": "a"}, "outside": ["o1"]}, {"o1"}), ({"outside": "o1"}, {""}), ([], {""}),
])
def test_wrong_ballot_is_refused_by_key(raw: object, errors: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer(raw, PAPER)
    assert set(refused.value.errors) == errors


def test_one_question_may_be_left_empty() -> None:
    assert KIND.parse_answer({"texts": {"o2": "Because."}}, PAPER) == {"texts": {"o2": "Because."}, "outside": []}
    assert KIND.parse_answer({"outside": ["o1"]}, PAPER) == {"texts": {}, "outside": ["o1"]}


def test_words_are_never_shown_live() -> None:
    form = {"kind": "text", "title": "Why", "statements": "Why?"}
    assert parse_poll(form).visibility == "after_reveal"
    with pytest.raises(Invalid) as refused:
        parse_poll({**form, "visibility": "live"})
    assert set(refused.value.errors) == {"visibility"}


@pytest.mark.parametrize("longest", ["0", "1001", "many"])
def test_longest_is_up_to_a_thousand(longest: str) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_settings({"longest": longest})
    assert set(refused.value.errors) == {"longest"}
