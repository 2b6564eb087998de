"""Counts of groups found in the votes are told only where they speak of nobody and no other count gives them away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigforum.groups.telling import is_told, shared_text, statement_text

LARGE = {"A": [6, 3, 9], "B": [0, 5, 8]}
ONE_SMALL = {"A": [6, 3, 9], "B": [1, 5, 8]}


def row(votes: dict[str, list[int]]) -> dict[str, object]:
    return {"statement": "o1", "votes": votes, "text": "A 6 of 9 agree, B 1 of 8 agree; over groups 0.13"}


def test_counts_are_told_together_or_not_at_all() -> None:
    assert is_told(LARGE)
    assert not is_told(ONE_SMALL)
    assert shared_text(row(LARGE)) == row(LARGE)["text"]
    assert shared_text(row(ONE_SMALL)) == "A half or more of 9 agree, B fewer than half of 8 agree"


def test_statement_that_sets_a_group_apart_keeps_to_the_same_rule() -> None:
    one = {"statement": "o1", "for": "agree", "ratio": 2.6,
           "text": "6 of 9 agree, 2.6 times as likely as outside the group"}
    assert statement_text(one, group="A", votes={"o1": LARGE}) == one["text"]
    assert statement_text(one, group="A", votes={"o1": ONE_SMALL}) == (
        "half or more of 9 agree, more often than outside the group")


@given(votes=st.dictionaries(st.sampled_from("ABC"), st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
                             min_size=2))
def test_no_small_count_is_printed(votes: dict[str, tuple[int, int, int]]) -> None:
    counts = {name: [agree, disagree, agree + disagree + passed] for name, (agree, disagree, passed) in votes.items()}
    printed = is_told(counts)
    small = [part for agree, disagree, seen in counts.values()
             for part in (agree, disagree, seen - agree, seen - disagree, seen) if 0 < part < 3]
    assert printed == (not small)


@pytest.mark.parametrize(("ratio", "is_said"), [(0.6, False), (1, False), (1.4, True)])
def test_more_often_is_said_only_where_it_is_so(ratio: float, is_said: bool) -> None:
    one = {"statement": "s", "for": "agree", "ratio": ratio, "text": "2 of 7 agree"}
    told = statement_text(one, group="A", votes={"s": {"A": [2, 5, 7], "B": [9, 2, 11]}})
    assert told.startswith("fewer than half of 7 agree")
    assert ("more often than outside the group" in told) is is_said
