"""Instant run-off: who goes in each round, and every tie on the way shown."""

from fractions import Fraction

import pytest

from sigforum.consensus.instant_runoff import describe_runoff, instant_runoff
from tests.consensus.elections import SCHULZE_1, TENNESSEE, ballots_of

ROUNDS = [{"A": 10, "B": 8, "C": 12, "D": 7, "E": 8}, {"A": 10, "B": 8, "C": 19, "E": 8},
          {"A": 10, "C": 19, "E": 16}, {"C": 24, "E": 21}]


def test_runoff_of_the_published_example_shows_its_tie():
    found = instant_runoff(ballots_of(SCHULZE_1), options="ABCDE")
    assert [dict(one.tally) for one in found.rounds] == ROUNDS
    assert [one.tied_last for one in found.rounds] == [(), ("B", "E"), (), ()]
    assert (found.winners, found.has_tie) == (("C",), True)
    assert describe_runoff(found) == "C wins in 4 rounds; in round 2 B = E are last with 8 each"


def test_runoff_gives_the_numbers_of_the_case_file(read_case):
    case = read_case("schulze_example1.json")
    computed = case["also_computed"]
    found = instant_runoff(
        ballots_of((each["count"], each["order"]) for each in case["ballots"]), options="ABCDE")
    assert [dict(one.tally) for one in found.rounds] == [each["tally"] for each in computed["irv_rounds"]]
    assert [one.exhausted for one in found.rounds] == [each["exhausted"] for each in computed["irv_rounds"]]
    assert [list(one.tied_last) for one in found.rounds] == [
        each.get("tie_at_bottom", []) for each in computed["irv_rounds"]]
    assert list(found.winners) == computed["irv_parallel_universe_winners"]


def test_runoff_of_the_capital_elects_knoxville(read_case):
    found = instant_runoff(ballots_of(TENNESSEE), options="MNCK")
    assert (found.winners, found.has_tie) == (("K",), False)
    assert list(found.winners) == [read_case("tennessee_capital.json")["expected"]["irv"]]


def test_tie_that_changes_the_winner_is_a_tie():
    # Whether b or c goes first decides: with b gone a wins, with c gone b does.
    ballots = ballots_of([(4, "abc"), (3, "bac"), (3, "cba")])
    found = instant_runoff(ballots, options="abc")
    assert found.winners == ("a", "b")
    assert describe_runoff(found).startswith("a tie: a or b")


def test_order_of_names_changes_no_winner():
    ballots = ballots_of([(4, "abc"), (3, "bac"), (3, "cba")])
    assert set(instant_runoff(ballots, options="cba").winners) == {"a", "b"}


def test_shared_first_place_is_split_and_spent_ballot_is_exhausted():
    found = instant_runoff([{"a": 1, "b": 1}, {"a": 1}, {"c": 1}, {"c": 1}], options="abc")
    first, second = found.rounds
    assert dict(first.tally) == {"a": Fraction(3, 2), "b": Fraction(1, 2), "c": 2}
    assert (first.exhausted, first.removed) == (0, ("b",))
    assert dict(second.tally) == {"a": 2, "c": 2}
    assert (second.tied_last, found.winners) == (("a", "c"), ("a", "c"))
    third = instant_runoff([{"a": 1}, {"a": 1}, {"b": 1}, {"c": 1}, {"c": 1}], options="abc").rounds[1]
    assert third.exhausted == 1


def test_options_without_first_places_go_together():
    found = instant_runoff([{"a": 1}, {"a": 1}, {"b": 1}], options=["a", "b", *(f"x{n}" for n in range(60))])
    assert (len(found.rounds), len(found.rounds[0].removed)) == (2, 60)
    assert found.winners == ("a",)


def test_runoff_refuses_what_it_cannot_follow():
    with pytest.raises(ValueError, match="at least one"):
        instant_runoff([], options=[])
    with pytest.raises(ValueError, match="too many ties"):
        instant_runoff([{f"o{n}": 1} for n in range(30)], options=[f"o{n}" for n in range(30)])


def test_nobody_voted_is_a_tie_of_all():
    assert instant_runoff([], options="abc").winners == ("a", "b", "c")
