"""Copeland's score: duels won, and a half for level ones."""

import pytest

from sigforum.consensus.copeland import copeland_scores, describe_copeland
from sigforum.consensus.pairwise import count_pairs
from tests.consensus.elections import SCHULZE_1, TENNESSEE, ballots_of


def scores(ballots, options):
    return copeland_scores(count_pairs(ballots, options=options))


def test_copeland_of_published_examples():
    assert scores(ballots_of(TENNESSEE), "MNCK") == {"M": 0, "N": 3, "C": 2, "K": 1}
    assert scores(ballots_of(SCHULZE_1), "ABCDE") == {"A": 2, "B": 2, "C": 2, "D": 1, "E": 3}


@pytest.mark.parametrize("name", ["schulze_example1.json", "tennessee_capital.json"])
def test_copeland_gives_the_numbers_of_the_case_file(read_case, name):
    case = read_case(name)
    expected = (case.get("also_computed") or case["expected"])["copeland"]
    ballots = ballots_of((each["count"], each["order"]) for each in case["ballots"])
    assert scores(ballots, "".join(expected)) == expected


def test_level_duels_count_a_half():
    assert scores([{"a": 1, "b": 2}, {"b": 1, "a": 2}], "abc") == {"a": 1.5, "b": 1.5, "c": 0}


def test_describe_copeland_shows_ties():
    assert describe_copeland(scores(ballots_of(SCHULZE_1), "ABCDE")) == "E > A = B = C > D; highest score 3 of 4"
    assert describe_copeland({}) == "no options"
