"""The table by stakeholder group: who is in it, what is counted, and where nothing is told."""

from collections import Counter
from collections.abc import Collection, Mapping

import pytest

from sigforum.ballots.domain import Paper, PaperOption, Secrecy, Terms, Visibility
from sigforum.ballots.registry import kind_named
from sigforum.consensus.group_consensus import GroupVotes, shared_vote
from sigforum.disclosure_control.counts_by_group import Shown
from sigforum.disclosure_control.joining import POOLED, participant_rows
from sigforum.groups.answering import Answering
from sigforum.groups.counting import declared_groups
from sigforum.groups.domain import DeclaredGroups

OPTIONS = (PaperOption(key="o1", text="First"), PaperOption(key="o2", text="Second"))
# Ten from industry, eight clinicians, one from a patients' body.
GROUPS = {**dict.fromkeys(range(10), "Industry"), **dict.fromkeys(range(10, 18), "Clinical"), 18: "Patients"}


def room(groups: Mapping[int, str], voters: Collection[int], silent: Collection[str] = ()) -> Answering:
    """A room in which everybody has accepted: the voters, and people of some groups who did not vote."""
    there = Counter([*(groups.get(person, "") for person in voters), *silent])
    voted = Counter(groups.get(person, "") for person in voters)
    return Answering(row_of=participant_rows(there), counts={group: (there[group], voted[group]) for group in there})


def counted(kind: str, answers, *, attribution: str = "named", groups=GROUPS) -> DeclaredGroups:
    settings = kind_named(kind).parse_settings({})
    terms = Terms(kind=kind, title="Title", settings=settings, rule=None, secrecy=Secrecy.CONFIDENTIAL,
                  visibility=Visibility.AFTER_REVEAL, options=OPTIONS)
    found = declared_groups(dict(enumerate(answers)), terms, Paper(options=OPTIONS, settings=settings), groups=groups,
                            attribution=attribution, answering=room(groups, range(len(answers))))
    assert found is not None
    return found


def agree(word: str) -> dict[str, object]:
    return {"votes": {"o1": word, "o2": "disagree"}}


ANSWERS = [agree("agree")] * 6 + [agree("pass")] * 4 + [agree("agree")] * 3 + [agree("disagree")] * 5 + [agree("x")]


def test_groups_are_counted_among_all_their_voters() -> None:
    found = counted("agree", ANSWERS)
    # One patient alone is too few; the clinicians, the smallest large group, stand with them.
    assert found.groups == (("Industry", 10), (POOLED, 9))
    first, second = found.lines
    # One of them is outside their expertise, and a size without that one would tell of them: halves alone are told.
    assert [(cell.shown, cell.count, cell.text) for cell in first.cells] == [
        (Shown.MAJORITY, None, "half or more of those who answered it"),
        (Shown.MINORITY, None, "fewer than half of those who answered it")]
    assert (first.count, first.people, found.counted) == (9, 19, "agree")
    all_answer = counted("agree", [*ANSWERS[:-1], agree("pass")]).lines[0]
    assert [(cell.shown, cell.count, cell.text) for cell in all_answer.cells] == [
        (Shown.EXACT, 6, "6 of 10"), (Shown.EXACT, 3, "3 of 9")]
    assert all_answer.shared == pytest.approx(shared_vote([GroupVotes(6, 0, 10), GroupVotes(3, 0, 9)]).agree)
    # Nobody agreed with the second: to say so by group would say no more than the result, and the table is left out.
    assert [cell.text for cell in second.cells] == ["not told", "not told"]
    assert second.shared is None


def test_kinds_count_what_speaks_for_an_option() -> None:
    rating = counted("rating", [{"ratings": {"o1": 8 if person % 2 else 4, "o2": "x"}} for person in range(18)])
    assert [(cell.count, cell.median) for cell in rating.lines[0].cells] == [(4, 6), (5, 6)]
    assert rating.counted == "rate it 7 or more"
    assert [cell.median for cell in rating.lines[1].cells] == [None, None]
    approval = counted("approval", [{"approved": ["o1"] if person % 2 else ["o1", "o2"]} for person in range(18)])
    assert [cell.count for cell in approval.lines[1].cells] == [4, 5]
    single = counted("single", [{"choice": "o1" if person % 2 else "o2"} for person in range(18)])
    assert [[cell.count for cell in line.cells] for line in single.lines] == [[4, 5], [4, 5]]


def test_kinds_without_such_a_table_have_none() -> None:
    for kind in ("text", "numeric", "motion", "multiple", "matrix", "ranking", "points"):
        terms = Terms(kind=kind, title="", settings={}, rule=None, secrecy=Secrecy.OPEN, visibility=Visibility.LIVE)
        assert declared_groups({}, terms, Paper(options=(), settings={}), groups={}, attribution="named",
                               answering=room({}, ())) is None


@pytest.mark.parametrize("groups", [{}, dict.fromkeys(range(19), "Industry")])
def test_one_group_alone_is_no_table(groups: dict[int, str]) -> None:
    found = counted("agree", ANSWERS, groups=groups)
    assert found.lines == ()
    assert found.refused == "No two groups of 3 or more voted, so that nothing is told by group."


def test_chatham_session_wants_larger_groups_and_tells_no_medians() -> None:
    ratings = [{"ratings": {"o1": 8 if person % 2 else 4, "o2": "x"}} for person in range(18)]
    assert [cell.median for cell in counted("rating", ratings, attribution="chatham").lines[0].cells] == [None, None]
    four = {person: "Industry" if person < 14 else "Clinical" for person in range(18)}
    assert counted("rating", ratings, groups=four).lines
    assert counted("rating", ratings, groups=four, attribution="chatham").refused.startswith("No two groups of 5")


def test_table_is_the_same_after_it_was_stored() -> None:
    found = counted("agree", ANSWERS)
    assert DeclaredGroups.from_json(found.to_json()) == found
    # Nothing in what is stored says more than what is printed.
    kept = [cell for line in found.to_json()["lines"] for cell in line["cells"] if cell["shown"] != "exact"]
    assert kept
    assert all(cell["count"] is None for cell in kept)


def test_outside_expertise_is_in_no_share() -> None:
    # Ten of industry and eight clinicians; three of industry say that the first statement is not theirs to judge.
    answers = [agree("agree")] * 4 + [agree("disagree")] * 3 + [agree("x")] * 3 + [agree("agree")] * 4 + [
        agree("disagree")] * 4
    first = counted("agree", answers).lines[0]
    assert [(cell.group, cell.people, cell.text) for cell in first.cells] == [
        ("Clinical", 8, "4 of 8 who answered it"), ("Industry", 10, "4 of 7 who answered it")]
    assert first.shared == pytest.approx(shared_vote([GroupVotes(4, 0, 8), GroupVotes(4, 0, 7)]).agree)


@pytest.mark.parametrize(("outside", "words"), [
    (1, {"half or more of those who answered it"}), (2, {"half or more of those who answered it"}), (8, {"not told"})])
def test_few_outside_their_expertise_are_not_told_by_the_rest(outside: int, words: set[str]) -> None:
    answers = [agree("x")] * outside + [agree("agree")] * (10 - outside) + [agree("agree")] * 4 + [agree("pass")] * 4
    first = counted("agree", answers).lines[0]
    assert {cell.words for cell in first.cells} == words
    assert not any(cell.count for cell in first.cells)


def test_abstaining_from_a_whole_ballot_is_no_disagreement() -> None:
    answers = [{"choice": "o1"}] * 4 + [{"choice": "o2"}] * 3 + [{"abstain": True}] * 3 + [{"choice": "o1"}] * 4 + [
        {"choice": "o2"}] * 4
    found = counted("single", answers)
    assert [[cell.text for cell in line.cells] for line in found.lines] == [
        ["4 of 8 who answered it", "4 of 7 who answered it"], ["4 of 8 who answered it", "3 of 7 who answered it"]]
    assert DeclaredGroups.from_json(found.to_json()) == found
