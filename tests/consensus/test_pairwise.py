"""Rankings counted pair by pair: ties stay equal, unranked options stand equal behind."""

import random

import pytest

from sigforum.consensus.pairwise import complete, count_pairs, describe_pair
from tests.consensus.elections import SCHULZE_1, TENNESSEE, ballots_of


def test_pairs_of_the_published_example():
    pairs = count_pairs(ballots_of(SCHULZE_1), options="ABCDE")
    assert pairs.rows() == (
        (0, 20, 26, 30, 22), (25, 0, 16, 33, 18), (19, 29, 0, 17, 24), (15, 12, 28, 0, 14), (23, 27, 21, 31, 0))
    assert (pairs.voters, pairs.condorcet_winner) == (45, None)


def test_pairs_of_the_capital_have_a_condorcet_winner():
    pairs = count_pairs(ballots_of(TENNESSEE), options="MNCK")
    assert pairs.rows() == ((0, 42, 42, 42), (58, 0, 68, 68), (58, 32, 0, 83), (58, 32, 17, 0))
    assert pairs.condorcet_winner == "N"
    assert [pairs.wins(option) for option in "MNCK"] == [0, 3, 2, 1]


@pytest.mark.parametrize("name", ["schulze_example1.json", "tennessee_capital.json"])
def test_pairs_give_the_numbers_of_the_case_file(read_case, name):
    case = read_case(name)
    options = "ABCDE" if "schulze" in name else "MNCK"
    ballots = ballots_of((each["count"], each["order"]) for each in case["ballots"])
    found = count_pairs(ballots, options=options).rows()
    assert [list(row) for row in found] == case["expected"]["pairwise"]


def test_equal_ranks_and_unranked_options_are_equal():
    pairs = count_pairs([{"a": 1, "b": 1}], options="abcd")
    assert pairs.rows() == ((0, 0, 1, 1), (0, 0, 1, 1), (0, 0, 0, 0), (0, 0, 0, 0))
    assert (pairs.equal("a", "b"), pairs.equal("c", "d"), pairs.equal("a", "c")) == (1, 1, 0)
    assert (pairs.wins("a"), pairs.ties("a")) == (2, 1)


def test_unranked_options_stand_behind_the_last_one():
    assert complete({"a": 4}, options="abc") == {"a": 4, "b": 5, "c": 5}
    assert complete({}, options="ab") == {"a": 1, "b": 1}


def test_order_of_ballots_and_names_changes_nothing():
    ballots = ballots_of(SCHULZE_1)
    expected = count_pairs(ballots, options="ABCDE").above
    random.Random(3).shuffle(ballots)
    assert count_pairs(ballots, options="EDCBA").above == expected


def test_unknown_and_repeated_options_are_refused():
    with pytest.raises(ValueError, match="'z' is not among"):
        count_pairs([{"z": 1}], options="ab")
    with pytest.raises(ValueError, match="twice"):
        count_pairs([], options="aa")


def test_describe_pair_shows_who_is_equal():
    pairs = count_pairs([{"a": 1}, {"b": 1}, {"a": 1, "b": 1}, {"a": 2}], options="ab")
    assert describe_pair(pairs, "a", "b") == "a over b 2 to 1, 1 equal"
