"""Ranked pairs: clear duels lock in first, and equally clear ones are taken in every order."""

import random
from collections import Counter
from itertools import permutations, product
from math import factorial, prod

from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.pairwise import Pairwise, count_pairs
from sigforum.consensus.ranked_pairs import describe_ranked_pairs, ranked_pairs
from sigforum.consensus.tiers import shared_ranks
from tests.consensus.elections import SCHULZE_1, TENNESSEE, ballots_of

LOCKED = {"CE", "CB", "EB", "ED", "AD", "AC", "BD"}
RANKINGS = st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3)), max_size=7)


def found_in(ballots, options):
    return ranked_pairs(count_pairs(ballots, options=options))


def test_ranked_pairs_of_the_published_example():
    found = found_in(ballots_of(SCHULZE_1), "ABCDE")
    assert found.tiers == (("A",), ("C",), ("E",), ("B",), ("D",))
    assert {one + other for one, other in found.locked} == LOCKED
    assert found.left_out == (("D", "C"), ("B", "A"), ("E", "A"))
    assert (found.tied_out, found.undecided) == ((), ())


def test_ranked_pairs_gives_the_numbers_of_the_case_file(read_case):
    case = read_case("schulze_example1.json")
    found = found_in(ballots_of((each["count"], each["order"]) for each in case["ballots"]), "ABCDE")
    assert [option for tier in found.tiers for option in tier] == case["also_computed"]["ranked_pairs"]
    assert {">".join(pair) for pair in found.locked} == set(case["also_computed"]["ranked_pairs_locked"])


def test_ranked_pairs_puts_the_condorcet_winner_first():
    assert describe_ranked_pairs(found_in(ballots_of(TENNESSEE), "MNCK")) == "N > C > K > M"


def test_equally_clear_circle_is_taken_in_every_order_and_shown():
    found = found_in(ballots_of([(1, "abc"), (1, "bca"), (1, "cab")]), "abc")
    assert (found.tiers, found.locked) == ((("a", "b", "c"),), ())
    assert len(found.tied_out) == 3
    assert describe_ranked_pairs(found).startswith(
        "a = b = c; left out by some ways of taking equally clear duels: a over b")


def test_among_equal_wins_the_duel_with_less_against_it_is_clearer():
    # Each of the three has nine votes for it; c over a has the most against it and goes.
    above = {("a", "b"): 9, ("b", "a"): 3, ("b", "c"): 9, ("c", "b"): 5, ("c", "a"): 9, ("a", "c"): 7}
    found = ranked_pairs(Pairwise(options=("a", "b", "c"), voters=16, above=above))
    assert (found.locked, found.left_out) == ((("a", "b"), ("b", "c")), (("c", "a"),))
    assert describe_ranked_pairs(found) == "a > b > c; left out against clearer duels: c over a"


@given(RANKINGS, st.randoms())
@settings(deadline=None, max_examples=150)
def test_ranked_pairs_is_the_same_for_any_naming_and_order(ballots, dice):
    found = found_in(ballots, "abcd")
    ranks = shared_ranks(found.tiers)
    assert all(ranks[one] < ranks[other] for one, other in found.locked)
    names, shuffled = list("abcd"), list(ballots)
    dice.shuffle(names)
    dice.shuffle(shuffled)
    assert shared_ranks(found_in(shuffled, names).tiers) == ranks


def test_order_of_ballots_changes_nothing():
    ballots = ballots_of(SCHULZE_1)
    random.Random(5).shuffle(ballots)
    assert found_in(ballots, "ABCDE") == found_in(ballots_of(SCHULZE_1), "ABCDE")


def winners_of_every_order(pairs):
    """Who comes first when equally clear duels are put in order in every way, one lock after the other."""
    duels = [pair for pair in pairs.above if pairs.beats(*pair)]
    levels = {}
    for one, other in duels:
        levels.setdefault((-pairs.above[one, other], pairs.above[other, one]), []).append((one, other))
    firsts = set()
    for orders in product(*(permutations(levels[level]) for level in sorted(levels))):
        locked = set()
        for one, other in (pair for order in orders for pair in order):
            if (other, one) not in locked:
                above = {one} | {upper for upper, lower in locked if lower == one}
                below = {other} | {lower for upper, lower in locked if upper == other}
                locked |= {(upper, lower) for upper in above for lower in below}
        firsts |= {one for one in pairs.options if not any(lower == one for _, lower in locked)}
    return firsts


def test_first_tier_is_whoever_wins_by_some_order_of_equal_duels():
    dice = random.Random(20)
    tied = 0
    for _ in range(1500):
        ballots = [dict(zip(dice.sample("abcd", 4), (1, 2, 3, 4), strict=True)) for _ in range(dice.randint(3, 7))]
        pairs = count_pairs(ballots, options="abcd")
        levels = Counter((pairs.above[pair], pairs.above[pair[1], pair[0]]) for pair in pairs.above
                         if pairs.beats(*pair))
        if prod(map(factorial, levels.values())) > 200:
            continue
        tied += max(levels.values(), default=0) > 1
        assert set(ranked_pairs(pairs).tiers[0]) == winners_of_every_order(pairs), ballots
    assert tied > 300


def test_pairs_that_the_votes_do_not_decide_are_printed():
    # d wins by two circles' worth of ways; b and c never meet in a duel that anybody wins.
    found = ranked_pairs(Pairwise(options=("a", "b", "c"), voters=4, above={
        ("a", "b"): 3, ("b", "a"): 1, ("a", "c"): 2, ("c", "a"): 2, ("b", "c"): 2, ("c", "b"): 2}))
    assert found.undecided
    assert "not decided between" in describe_ranked_pairs(found)
