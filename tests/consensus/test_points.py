"""Priorities by points: who leads, who shares a rank, and how much of it comes from one person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.points import describe_points, tally_points

BALLOTS = [{"a": 3, "b": 1, "c": 1}, {"a": 1, "b": 2, "d": 2}, {"c": 5}, {"a": 2, "b": 2, "d": 1}]

BALLOT_LISTS = st.lists(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3), max_size=4), max_size=12
)


def test_tally_shows_voters_and_largest_share_beside_the_points():
    lines = tally_points(BALLOTS, budget=5)
    found = [
        (line.key, line.rank, line.points, line.voters, line.share, line.largest_share) for line in lines
    ]
    assert found == [
        ("a", 1, 6, 3, 0.3, 3 / 6),
        ("c", 1, 6, 2, 0.3, 5 / 6),
        ("b", 3, 5, 3, 0.25, 2 / 5),
        ("d", 4, 3, 2, 0.15, 2 / 3),
    ]


def test_tally_gives_the_numbers_of_the_case_file(read_case):
    case = read_case("dot_voting.json")
    lines = {line.key: line for line in tally_points(case["ballots"], budget=case["budget"])}
    expected = case["expected"]
    assert {key: line.points for key, line in lines.items()} == expected["points"]
    assert {key: line.voters for key, line in lines.items()} == expected["voters"]
    assert {key: line.share for key, line in lines.items()} == pytest.approx(expected["share"])
    assert {key: line.largest_share for key, line in lines.items()} == pytest.approx(
        expected["max_from_one_voter_share"]
    )
    assert len(set(expected["points"].values())) > 1


def test_tally_lists_items_that_nobody_chose():
    lines = tally_points([{"a": 2, "b": 0}], budget=5, keys=["z", "a"])
    assert [(line.key, line.rank, line.points, line.voters) for line in lines] == [
        ("a", 1, 2, 1),
        ("b", 2, 0, 0),
        ("z", 2, 0, 0),
    ]
    assert lines[1].largest_share is None


def test_tally_without_any_points_has_no_shares():
    (line,) = tally_points([], budget=5, keys=["a"])
    assert (line.rank, line.share, line.largest_share, line.largest_single) == (1, None, None, 0)


@settings(deadline=None)
@given(BALLOT_LISTS, st.randoms())
def test_tally_ignores_the_order_of_the_ballots(ballots, random):
    shuffled = random.sample(ballots, len(ballots))
    assert tally_points(shuffled, budget=12) == tally_points(ballots, budget=12)


@settings(deadline=None)
@given(BALLOT_LISTS)
def test_tally_loses_no_point_and_ranks_by_points_alone(ballots):
    lines = tally_points(ballots, budget=12)
    assert sum(line.points for line in lines) == sum(sum(ballot.values()) for ballot in ballots)
    for line in lines:
        assert line.rank == 1 + sum(other.points > line.points for other in lines)
        assert line.voters == sum(ballot.get(line.key, 0) > 0 for ballot in ballots)
        assert line.voters <= line.points
    assert [line.points for line in lines] == sorted((line.points for line in lines), reverse=True)


@pytest.mark.parametrize(
    ("ballot", "message"),
    [
        ({"a": 3, "b": 3}, "lays 6 points of a budget of 5"),
        ({"a": -1, "b": 2}, "lays -1 points on 'a'"),
        ({"a": 4}, "at most 3 are allowed"),
    ],
)
def test_tally_refuses_an_impossible_ballot(ballot, message):
    with pytest.raises(ValueError, match=message):
        tally_points([{"a": 3, "b": 2}, ballot], budget=5, per_item=3)


def test_describe_points_tells_one_person_from_many():
    by_key = {line.key: line for line in tally_points([*BALLOTS, {"e": 1}], budget=5, keys=["f"])}
    assert describe_points(by_key["c"]) == "6 points from 2 people, at most 5 of them from one person"
    assert describe_points(by_key["e"]) == "1 point from 1 person"
    assert describe_points(by_key["f"]) == "no points"
