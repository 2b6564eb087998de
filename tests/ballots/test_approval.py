"""Approval: as many as one likes; approving of none counts in every share."""

from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.kinds.approval import KIND

PAPER = Paper(options=tuple(PaperOption(key=f"o{n}", text=f"Option {n}") for n in (1, 2)),
              settings={"outside": "offered"})


def test_approving_of_none_lowers_every_share() -> None:
    answers = [{"approved": ["o1", "o2"]}, {"approved": ["o1"]}, {"approved": []}, {"abstain": True}]
    result = KIND.tally(answers, PAPER, headcount=Headcount(invited=9, entitled=6), rule=None)
    assert [(line.figures["count"], line.figures["of"]) for line in result.lines] == [(2, 3), (1, 3)]
    assert (result.answered, result.abstained, result.outside) == (4, 1, 0)


def test_empty_form_approves_of_none() -> None:
    assert KIND.parse_answer(KIND.read_form({}), PAPER) == {"approved": []}
    assert KIND.parse_answer(KIND.read_form({"approve-o2": "1", "approve-o1": "1"}), PAPER) == {
        "approved": ["o1", "o2"]}
