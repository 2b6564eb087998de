"""The Schulze order against its author's example and against elections that were decided by it."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.pairwise import count_pairs
from sigforum.consensus.schulze import describe_schulze, schulze_order
from sigforum.consensus.tiers import shared_ranks
from tests.consensus.elections import SCHULZE_1, TENNESSEE, ballots_of, tally_sheet

PATHS = ((0, 28, 28, 30, 24), (25, 0, 28, 33, 24), (25, 29, 0, 29, 24), (25, 28, 28, 0, 24), (25, 28, 28, 31, 0))
RANKINGS = st.lists(st.dictionaries(st.sampled_from("abcde"), st.integers(1, 4)), max_size=9)


def order(ballots, options):
    return schulze_order(count_pairs(ballots, options=options))


def rows(found, options):
    return tuple(tuple(found.strength.get((one, other), 0) for other in options) for one in options)


def test_schulze_of_the_published_example():
    found = order(ballots_of(SCHULZE_1), "ABCDE")
    assert rows(found, "ABCDE") == PATHS
    assert (found.tiers, found.undecided) == ((("E",), ("A",), ("C",), ("B",), ("D",)), ())


def test_schulze_gives_the_numbers_of_the_case_file(read_case):
    case = read_case("schulze_example1.json")
    found = order(ballots_of((each["count"], each["order"]) for each in case["ballots"]), "ABCDE")
    assert [list(row) for row in rows(found, "ABCDE")] == case["expected"]["strongest_paths"]
    assert [option for tier in found.tiers for option in tier] == case["expected"]["ranking"]
    assert found.winners == (case["expected"]["winner"],)


def test_schulze_elects_the_condorcet_winner():
    assert describe_schulze(order(ballots_of(TENNESSEE), "MNCK")) == "N > C > K > M"


def test_schulze_gives_the_outcome_of_2020(shared):
    sheet = shared / "data" / "rankings" / "leader2020_tally.txt"
    if not sheet.exists():
        pytest.skip("the tally sheet of 2020 is not here")
    ballots = tally_sheet(sheet)
    assert len(ballots) == 339
    # Carter, Chandran, Gupta, none of the above.
    assert order(ballots, "1234").tiers == (("1",), ("2",), ("3",), ("4",))


def test_schulze_gives_the_outcome_of_2006_with_its_tie(shared):
    sheet = shared / "data" / "rankings" / "leader2006_tally.txt"
    if not sheet.exists():
        pytest.skip("the tally sheet of 2006 is not here")
    ballots = tally_sheet(sheet)
    assert len(ballots) == 421
    # Towns, McIntyre, van Wolffelaar = Schuldei, Allombert, none of the above, Pollak, Walther.
    found = order(ballots, "12345678")
    assert found.tiers == (("4",), ("3",), ("1", "5"), ("7",), ("8",), ("2",), ("6",))


def test_perfect_circle_is_one_tie():
    found = order(ballots_of([(1, "abc"), (1, "bca"), (1, "cab")]), "abc")
    assert found.tiers == (("a", "b", "c"),)
    assert describe_schulze(found) == "a = b = c"


def test_nobody_ranking_is_one_tie():
    assert order([], "abc").winners == ("a", "b", "c")
    assert order([], "").winners == ()


def test_pair_that_votes_do_not_decide_is_named():
    # Of the three duels only x over y is won: y stands below z because of x alone.
    found = order([{"x": 1, "y": 1, "z": 2}, {"z": 1, "x": 2, "y": 3}], "xyz")
    assert (found.tiers, found.undecided) == ((("x", "z"), ("y",)), (("z", "y"),))
    assert describe_schulze(found) == "x = z > y; not decided between z and y"


@given(RANKINGS, st.randoms())
@settings(deadline=None, max_examples=150)
def test_schulze_order_is_transitive_and_the_same_for_any_naming(ballots, dice):
    pairs = count_pairs(ballots, options="abcde")
    found = schulze_order(pairs)
    ranks = shared_ranks(found.tiers)
    beaten = {(one, other) for one in "abcde" for other in "abcde"
              if one != other and found.strength[one, other] > found.strength[other, one]}
    assert all(ranks[one] < ranks[other] for one, other in beaten)
    assert all((one, last) in beaten for one, middle in beaten for other, last in beaten if middle == other)
    if pairs.condorcet_winner:
        assert found.winners == (pairs.condorcet_winner,)
    names = list("abcde")
    dice.shuffle(names)
    assert shared_ranks(order(ballots, names).tiers) == ranks


def test_order_of_ballots_changes_nothing():
    ballots = ballots_of(SCHULZE_1)
    random.Random(5).shuffle(ballots)
    assert order(ballots, "ABCDE") == order(ballots_of(SCHULZE_1), "ABCDE")
