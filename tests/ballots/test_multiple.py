"""The multiple choice: how many may be chosen, and shares of people rather than of choices."""

import pytest

from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.kinds.multiple import KIND
from sigforum.kernel.errors import Invalid

PAPER = Paper(options=tuple(PaperOption(key=f"o{n}", text=f"Option {n}") for n in (1, 2, 3, 4)),
              settings={"min_chosen": 2, "max_chosen": 3, "outside": "offered"})


@pytest.mark.parametrize(("chosen", "words"), [
    ([], "0 chosen; choose 2 to 3, or abstain."),
    (["o1", "o1"], "1 chosen; choose 2 to 3, or abstain."),
    (["o1", "o2", "o3", "o4"], "4 chosen; choose 2 to 3, or abstain."),
])
def test_number_chosen_is_kept(chosen: list[str], words: str) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer({"chosen": chosen}, PAPER)
    assert refused.value.errors == {"": words}


def test_choices_are_kept_once_and_in_the_order_of_the_ballot() -> None:
    assert KIND.parse_answer({"chosen": ["o3", "o1", "o3"]}, PAPER) == {"chosen": ["o1", "o3"]}
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer({"chosen": ["o1", "o8", "o9"]}, PAPER)
    assert set(refused.value.errors) == {"o8", "o9"}


def test_shares_are_of_people() -> None:
    answers = [{"chosen": ["o1", "o2"]}, {"chosen": ["o1", "o2", "o3"]}, {"outside": True}]
    result = KIND.tally(answers, PAPER, headcount=Headcount(invited=9, entitled=6), rule=None)
    assert [line.figures["percent"] for line in result.lines] == [100, 100, 50, 0]
    assert {line.figures["of"] for line in result.lines} == {2}


@pytest.mark.parametrize(("raw", "errors"), [
    ({"min_chosen": "3", "max_chosen": "2"}, {"max_chosen"}),
    ({"min_chosen": "0"}, {"min_chosen"}),
    ({"max_chosen": "101"}, {"max_chosen"}),
    ({"min_chosen": "x", "max_chosen": "y", "outside": "z"}, {"min_chosen", "max_chosen", "outside"}),
    ({"min_chosen": "3", "statements": "One\n\nTwo\n"}, {"min_chosen"}),
])
def test_wrong_settings_are_refused_by_field(raw: dict[str, str], errors: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_settings(raw)
    assert set(refused.value.errors) == errors
