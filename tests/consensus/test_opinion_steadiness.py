"""What may not decide an opinion group: how many processors count, who came first, and a statement or two."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from sigforum.consensus.group_consensus import GroupVotes
from sigforum.consensus.opinion.components import principal_components
from sigforum.consensus.opinion.grouping import find_groups
from sigforum.consensus.opinion.vote_matrix import VoteMatrix
from sigforum.consensus.representative import describe_representative, representative_statements

PROGRAM = """
import json
import numpy as np
from sigforum.consensus.opinion.components import principal_components
from sigforum.consensus.opinion.grouping import find_groups
from tests.consensus.test_opinion_steadiness import few_directions, matrix_of
told = []
for people, columns in ((257, 10), (300, 12), (400, 6)):
    matrix = matrix_of(few_directions(people, columns))
    found = find_groups(matrix)
    told.append([principal_components(matrix).shares.round(9).tolist(),
                 None if found.labels is None else found.labels.tolist()])
print(json.dumps(told))
"""


def matrix_of(votes):
    return VoteMatrix(tuple(f"p{row}" for row in range(votes.shape[0])),
                      tuple(f"s{column}" for column in range(votes.shape[1])), np.asarray(votes, dtype=np.int8))


def few_directions(people, columns):
    """As many statements as people; on all but a few of them everybody agrees."""
    votes = np.ones((people, people), dtype=np.int8)
    votes[:, :columns] = np.random.default_rng(people).integers(-1, 2, size=(people, columns))
    return votes


def shares(votes):
    values = np.linalg.svd(votes - votes.mean(axis=0), compute_uv=False) ** 2
    return values[:2] / values.sum()


@pytest.mark.parametrize(("people", "columns"), [(257, 10), (300, 12), (400, 6), (320, 2), (290, 1)])
def test_table_with_few_directions_has_the_shares_of_a_full_decomposition(people, columns):
    votes = few_directions(people, columns)
    assert principal_components(matrix_of(votes)).shares == pytest.approx(shares(votes), abs=1e-9)


def test_table_larger_than_is_taken_whole_has_them_too():
    votes = np.ones((1700, 1600), dtype=np.int8)
    votes[:, :9] = np.random.default_rng(3).integers(-1, 2, size=(1700, 9))
    values = np.linalg.eigvalsh(np.cov(votes[:, :9].astype(float), rowvar=False))[::-1]
    found = principal_components(matrix_of(votes))
    assert found.shares == pytest.approx(values[:2] / values.sum(), abs=1e-9)


def test_number_of_processors_decides_nothing():
    found = [subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=100, check=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}).stdout for threads in "12"]
    assert json.loads(found[0]) == json.loads(found[1])


@pytest.mark.parametrize("statements", [1, 2, 3, 6])
def test_a_few_statements_make_no_groups(statements):
    votes = np.random.default_rng(statements).integers(-1, 2, size=(60, statements))
    found = find_groups(matrix_of(votes))
    assert found.labels is None
    assert found.groups == 0
    assert f"{statements} statement" in found.refused
    assert "7 statements up" in found.refused


def test_order_of_people_decides_nothing():
    grouped = 0
    for seed in range(60):
        dice = np.random.default_rng(seed)
        # Whole numbers and few statements: many people stand on one place, and many directions are equally large.
        votes = dice.choice([-1, 1], size=(int(dice.integers(15, 40)), int(dice.integers(7, 10))))
        votes[: len(votes) // 2, :4] = 1
        turn = dice.permutation(len(votes))
        found, turned = find_groups(matrix_of(votes)), find_groups(matrix_of(votes[turn]))
        assert (found.groups, found.refused) == (turned.groups, turned.refused)
        if found.labels is not None:
            grouped += 1
            assert turned.labels.tolist() == found.labels[turn].tolist(), seed
    assert grouped > 30


def test_order_of_equal_directions_is_that_of_the_votes():
    # Eight statements in four pairs that nobody tells apart: four directions are equally large.
    votes = np.array([[1 if row >> pair & 1 else -1 for pair in range(4) for _ in range(2)] for row in range(16)] * 2)
    found = find_groups(matrix_of(votes))
    for seed in range(5):
        turn = np.random.default_rng(seed).permutation(32)
        turned = find_groups(matrix_of(votes[turn]))
        assert (turned.groups, turned.refused) == (found.groups, found.refused)
        assert found.labels is None or turned.labels.tolist() == found.labels[turn].tolist()


def sentences(votes):
    return {group: [describe_representative(one) for one in chosen]
            for group, chosen in representative_statements(votes).items()}


def test_what_a_group_agrees_on_most_is_told_from_the_side_it_is_on():
    votes = {"A": {"s": GroupVotes(14, 0, 14), "t": GroupVotes(7, 7, 14)},
             "B": {"s": GroupVotes(40, 0, 40), "t": GroupVotes(2, 38, 40)}}
    told = sentences(votes)["A"]
    assert "0 of 14 disagree" not in " ".join(told)
    assert any(text.startswith("14 of 14 agree, ") for text in told)


@pytest.mark.parametrize("inside", [GroupVotes(0, 0, 0), GroupVotes(0, 1, 1), GroupVotes(1, 0, 1), GroupVotes(0, 0, 5)])
def test_a_vote_or_none_sets_no_group_apart(inside):
    votes = {"A": {"s": inside}, "B": {"s": GroupVotes(5, 5, 12)}}
    assert sentences(votes)["A"] == []


def test_nothing_is_called_likelier_that_is_not():
    dice = np.random.default_rng(12)
    looked_at = 0
    for _ in range(400):
        votes = {}
        for group in "AB":
            seen = int(dice.integers(0, 12))
            agree = int(dice.integers(0, seen + 1))
            votes[group] = {"s": GroupVotes(agree, int(dice.integers(0, seen - agree + 1)), seen)}
        for chosen in representative_statements(votes).values():
            for one in chosen:
                looked_at += 1
                assert one.side.count > 0, votes
                assert one.is_best_agreed or one.side.ratio > 1, votes
    assert looked_at > 300
