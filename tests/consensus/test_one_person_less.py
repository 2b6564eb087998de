"""One ballot left out: for rankings and for points."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.fast_one_less import points_one_less, rankings_one_less
from sigforum.consensus.one_person_less import describe_one_person_less, one_person_less
from sigforum.consensus.pairwise import count_pairs
from sigforum.consensus.points import tally_points
from sigforum.consensus.schulze import schulze_order
from tests.consensus.elections import SCHULZE_1, TENNESSEE, ballots_of, tally_sheet


def by_schulze(options):
    return lambda ballots: schulze_order(count_pairs(ballots, options=options)).winners


def by_points(ballots):
    return [line.key for line in tally_points(ballots, budget=99, keys="abc") if line.rank == 1]


def test_capital_hangs_on_nobody():
    found = one_person_less(ballots_of(TENNESSEE), leaders=by_schulze("MNCK"))
    assert (found.leaders, found.people, found.tipping, found.is_fragile) == (("N",), 100, 0, False)
    assert describe_one_person_less(found) == "No single person's absence would change who leads."


def test_winner_by_one_ballot_hangs_on_each_that_gave_it():
    # a over b 3 to 2: without one of the three it is level.
    found = one_person_less(ballots_of([(3, "ab"), (2, "ba")]), leaders=by_schulze("ab"))
    assert (found.tipping, found.instead) == (3, (("a", "b"),))
    assert describe_one_person_less(found) == (
        "The winner would change without one person: 3 of 5 would each tip it by not taking part (then a = b).")


def test_published_elections_left_out_one_by_one(shared):
    sheet = shared / "data" / "rankings" / "leader2020_tally.txt"
    if not sheet.exists():
        pytest.skip("the tally sheet of 2020 is not here")
    assert one_person_less(tally_sheet(sheet), leaders=by_schulze("1234")).tipping == 0
    assert one_person_less(ballots_of(SCHULZE_1), leaders=by_schulze("ABCDE")).leaders == ("E",)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)), max_size=7))
def test_leaving_out_equal_ballots_once_agrees_with_leaving_out_everyone(ballots):
    found = one_person_less(ballots, leaders=by_points)
    whole = set(by_points(ballots))
    others = [set(by_points(ballots[:place] + ballots[place + 1:])) for place in range(len(ballots))]
    assert found.tipping == sum(other != whole for other in others)
    assert {frozenset(each) for each in found.instead} == {frozenset(other) for other in others if other != whole}


def test_nobody_has_nobody_to_leave_out():
    found = one_person_less([], leaders=by_points)
    assert (found.is_fragile, describe_one_person_less(found)) == (None, "")


ORDERS = st.lists(st.permutations("abcd"), min_size=1, max_size=7)


@settings(deadline=None)
@given(orders=ORDERS)
def test_rankings_one_less_is_what_counting_again_gives(orders):
    ballots = [{option: rank for rank, option in enumerate(order, start=1)} for order in orders]
    found = rankings_one_less(ballots, count_pairs(ballots, options="abcd"))
    assert found == one_person_less(ballots, leaders=by_schulze("abcd"))


def test_rankings_one_less_is_left_unsaid_where_it_takes_too_long():
    options = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
    level = [{options[place]: 1, options[place - 1]: 2} for place in range(len(options))]
    assert rankings_one_less(level, count_pairs(level, options=options)) is None
    far_ahead = [{**ballot, "Z": 0} for ballot in level]
    found = rankings_one_less(far_ahead, count_pairs(far_ahead, options=(*options, "Z")))
    assert (found.leaders, found.tipping) == (("Z",), 0)


@settings(deadline=None)
@given(ballots=st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(1, 3), min_size=1), min_size=1, max_size=8))
def test_points_one_less_is_what_counting_again_gives(ballots):
    def leaders(left):
        return [line.key for line in tally_points(left, budget=99) if line.rank == 1]

    assert points_one_less(ballots) == one_person_less(ballots, leaders=leaders)


def test_sentence_uses_the_words_of_the_options():
    found = points_one_less([{"a": 1}])
    assert describe_one_person_less(found, names={"a": "Clay"}).endswith("(then nobody).")
    found = points_one_less([{"a": 2}, {"b": 2}])
    assert describe_one_person_less(found, names={"a": "Clay"}).endswith("(then Clay or b).")
