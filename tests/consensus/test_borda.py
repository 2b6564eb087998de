"""Borda points: one for each option below, ties share the mean."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.borda import borda_points, describe_borda
from sigforum.consensus.pairwise import count_pairs
from tests.consensus.elections import SCHULZE_1, TENNESSEE, ballots_of

RANKINGS = st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 4)), max_size=9)


def points(ballots, options):
    return borda_points(count_pairs(ballots, options=options))


def test_borda_of_published_examples():
    assert points(ballots_of(TENNESSEE), "MNCK") == {"M": 126, "N": 194, "C": 173, "K": 107}
    assert points(ballots_of(SCHULZE_1), "ABCDE") == {"A": 98, "B": 92, "C": 89, "D": 69, "E": 102}


@pytest.mark.parametrize("name", ["schulze_example1.json", "tennessee_capital.json"])
def test_borda_gives_the_numbers_of_the_case_file(read_case, name):
    case = read_case(name)
    expected = (case.get("also_computed") or case["expected"])["borda"]
    ballots = ballots_of((each["count"], each["order"]) for each in case["ballots"])
    assert points(ballots, "".join(expected)) == expected
    assert len(set(expected.values())) > 1


def test_ties_and_unranked_options_share_the_mean():
    # Of the places worth 3, 2, 1 and 0, a and b share the upper two, and c and d the lower two.
    assert points([{"a": 1, "b": 1}], "abcd") == {"a": 2.5, "b": 2.5, "c": 0.5, "d": 0.5}


@given(RANKINGS)
@settings(deadline=None)
def test_every_ballot_hands_out_the_same_points(ballots):
    assert sum(points(ballots, "abcd").values()) == 6 * len(ballots)


def test_describe_borda_shows_ties():
    assert describe_borda(points([{"a": 1, "b": 1}], "abcd"), voters=1) == "most points: a = b, 2.5 of at most 3"
    assert describe_borda(points([], "ab"), voters=0) == "no points: nobody ranked"
