"""Agree or disagree: who is in the share of each statement, and who only in its turnout."""

import pytest

from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.kinds.agree import KIND
from sigforum.kernel.errors import Invalid

OPTIONS = tuple(PaperOption(key=f"o{n}", text=f"Statement {n}") for n in (1, 2))
PAPER = Paper(options=OPTIONS, settings={"outside": "offered"})


def test_share_is_of_those_who_agree_or_disagree() -> None:
    words = ["agree"] * 7 + ["disagree"] * 3 + ["pass"] * 2 + ["x"]
    answers = [{"votes": {"o1": word}} for word in words] + [{"votes": {"o2": "pass"}}, {"abstain": True}]
    first, second = KIND.tally(answers, PAPER, headcount=Headcount(invited=30, entitled=24), rule=None).lines
    figures = first.figures
    assert figures["readout"] == "7 of 10 (70.0 %, 95 % interval 39.7 to 89.2 %)"
    assert (figures["disagree"], figures["pass"], figures["outside"], figures["turnout"]) == (3, 2, 1, "13 of 24")
    assert first.distribution == (("Agree", 7), ("Disagree", 3), ("Pass", 2), ("Outside expertise", 1))
    assert (second.figures["count"], second.figures["of"], second.figures["interval"]) == (0, 0, None)
    assert second.figures["turnout"] == "1 of 24"


def test_statements_may_be_left_out_but_not_all() -> None:
    assert KIND.parse_answer({"votes": {"o2": "agree"}}, PAPER) == {"votes": {"o2": "agree"}}
    for raw in ({"votes": {}}, {}, {"votes": []}):
        with pytest.raises(Invalid) as refused:
            KIND.parse_answer(raw, PAPER)
        assert set(refused.value.errors) == {""}


def test_wrong_words_are_refused_by_key() -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer({"votes": {"o1": "yes", "o2": ["agree"], "o9": "agree"}}, PAPER)
    assert set(refused.value.errors) == {"o1", "o2", "o9"}


def test_outside_expertise_is_refused_where_it_is_left_out() -> None:
    paper = Paper(options=OPTIONS, settings={"outside": "left_out"})
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer({"votes": {"o1": "x"}}, paper)
    assert refused.value.errors == {"o1": "Choose one of: agree, disagree, pass."}
    assert KIND.parse_answer({"votes": {"o1": "x"}}, PAPER) == {"votes": {"o1": "x"}}
