"""The single choice: one option, its share of those who chose, and the answers beside the question."""

import pytest

from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.kinds.single import KIND
from sigforum.kernel.errors import Invalid

OPTIONS = tuple(PaperOption(key=f"o{n}", text=f"Option {n}") for n in (1, 2, 3))
PAPER = Paper(options=OPTIONS, settings={"outside": "offered"})
HEADCOUNT = Headcount(invited=20, entitled=12)


def test_shares_are_of_those_who_chose() -> None:
    answers = [{"choice": "o1"}] * 3 + [{"choice": "o2"}] + [{"outside": True}] * 2 + [{"abstain": True}]
    result = KIND.tally(answers, PAPER, headcount=HEADCOUNT, rule=None)
    assert [(line.figures["count"], line.figures["of"], line.answered) for line in result.lines] == [
        (3, 4, 4), (1, 4, 4), (0, 4, 4)]
    assert (result.answered, result.outside, result.abstained) == (7, 2, 1)
    assert result.text == "7 of 12 entitled people answered: 4 chose, 2 outside their expertise, 1 abstained."
    # Wilson's interval of 3 of 4, as published tables have it.
    assert result.lines[0].figures["readout"] == "3 of 4 (75.0 %, 95 % interval 30.1 to 95.4 %)"


@pytest.mark.parametrize(("raw", "errors"), [
    ({"choice": "o9"}, {"o9"}), ({"choice": ""}, {""}), ({}, {""}), ({"choice": ["o1", "o2"]}, {""}), ("o1", {""}),
    ({"choice": 1}, {""}), ({"outside": "yes"}, {""}), ({"abstain": 1}, {""}),
])
def test_wrong_ballot_is_refused_by_key(raw: object, errors: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer(raw, PAPER)
    assert set(refused.value.errors) == errors


def test_outside_expertise_is_an_answer_only_where_it_is_offered() -> None:
    assert KIND.parse_answer({"outside": True}, PAPER) == {"outside": True}
    with pytest.raises(Invalid):
        KIND.parse_answer({"outside": True}, Paper(options=OPTIONS, settings={"outside": "left_out"}))


def test_unknown_offer_is_refused() -> None:
    assert KIND.parse_settings({"outside": "left_out"})["outside"] == "left_out"
    with pytest.raises(Invalid) as refused:
        KIND.parse_settings({"outside": "maybe"})
    assert set(refused.value.errors) == {"outside"}
