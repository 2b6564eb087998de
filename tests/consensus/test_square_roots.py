"""Points under square roots, as a second reading of priorities."""

import pytest

from sigforum.consensus.square_roots import describe_root_points, root_points


def test_root_points_give_the_numbers_of_the_case_file(read_case):
    case = read_case("dot_voting.json")
    assert root_points(case["ballots"]) == pytest.approx(case["expected"]["quadratic_cost_equivalent"], abs=1e-12)
    assert root_points(case["ballots"][::-1]) == root_points(case["ballots"])


def test_root_points_refuse_negative_points():
    with pytest.raises(ValueError, match="lays -1 points on 'a'"):
        root_points([{"a": -1}])


def test_describe_root_points_goes_from_high_to_low():
    assert describe_root_points(root_points([{"a": 4, "b": 9}, {"b": 1}])) == "with square roots: b 4, a 2"
    assert describe_root_points({}) == "with square roots: no points"
