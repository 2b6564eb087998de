"""The motion: yes, no and abstain, the quorum, and the verdict over both."""

import pytest

from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.kinds.motion import KIND
from sigforum.ballots.registry import rules_for
from sigforum.consensus.verdicts import VerdictWord
from sigforum.kernel.errors import Invalid

PAPER = Paper(options=tuple(PaperOption(key=f"o{n}", text=f"Motion {n}") for n in (1, 2)),
              settings={"yes_label": "For", "no_label": "Against"})


def tally(*votes: tuple[str, str], abstained: int = 0, entitled: int = 12, **params: object):
    answers = [{"votes": {"o1": first, "o2": second}} for first, second in votes] + [{"abstain": True}] * abstained
    return KIND.tally(answers, PAPER, headcount=Headcount(invited=20, entitled=entitled),
                      rule={"name": "two_thirds", "params": params})


def test_only_the_two_thirds_rule_judges_motions() -> None:
    assert list(rules_for(KIND)) == ["two_thirds"]


def test_each_motion_has_its_own_verdict() -> None:
    result = tally(*[("yes", "no")] * 6, ("no", "yes"), ("no", "abstain"), ("abstain", "yes"))
    assert [line.verdict.word for line in result.lines] == [VerdictWord.CONSENSUS_FOR, VerdictWord.CONSENSUS_AGAINST]
    assert [line.distribution for line in result.lines] == [
        (("For", 6), ("Against", 2), ("Abstain", 1)), (("For", 2), ("Against", 6), ("Abstain", 1))]
    assert [column.label for column in result.columns] == ["For", "95 % interval", "Against"]
    assert result.lines[0].verdict.figures["answered"] == 9


def test_abstaining_voters_make_the_quorum_and_not_the_majority() -> None:
    votes = [("yes", "yes")] * 4
    assert tally(*votes).lines[0].verdict.word is VerdictWord.TOO_FEW
    assert tally(*votes, abstained=2).lines[0].verdict.word is VerdictWord.CONSENSUS_FOR
    counted = tally(*votes, abstained=4, majority_of="present").lines[0]
    assert counted.verdict.word is VerdictWord.NO_CONSENSUS
    assert counted.figures["of"] == 4


def test_abstaining_on_every_motion_is_an_abstention() -> None:
    raw = KIND.read_form({"motion-o1": "abstain", "motion-o2": "abstain"})
    assert KIND.parse_answer(raw, PAPER) == {"abstain": True}
    assert tally(abstained=3).abstained == 3


@pytest.mark.parametrize(("raw", "errors"), [
    ({"votes": {"o1": "yes"}}, {"o2"}),
    ({"votes": {"o1": "yes", "o2": "perhaps", "o3": "no"}}, {"o2", "o3"}),
    ({"votes": "yes"}, {""}),
    ({"outside": True}, {""}),
])
def test_wrong_ballot_is_refused_by_key(raw: object, errors: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer(raw, PAPER)
    assert set(refused.value.errors) == errors


def test_labels_are_short() -> None:
    assert KIND.parse_settings({"yes_label": " ", "no_label": "Reject"}) == {"yes_label": "Yes", "no_label": "Reject"}
    with pytest.raises(Invalid) as refused:
        KIND.parse_settings({"yes_label": "y" * 31})
    assert set(refused.value.errors) == {"yes_label"}
