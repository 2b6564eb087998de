"""Opinion groups: components and groups as other pipelines find them, and every reason to show none."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.opinion.chance import describe_chance, shuffled_silhouettes
from sigforum.consensus.opinion.clustering import k_means
from sigforum.consensus.opinion.components import principal_components
from sigforum.consensus.opinion.grouping import describe_groups, find_groups
from sigforum.consensus.opinion.report import opinion_report
from sigforum.consensus.opinion.silhouette import mean_silhouettes
from sigforum.consensus.opinion.vote_matrix import UNSEEN, VoteMatrix, matrix_of
from tests.consensus.conversations import OPEN_DATA, PUBLISHED, open_conversation, published_conversation


def matrix(votes):
    votes = np.array(votes, dtype=np.int8)
    return VoteMatrix(tuple(f"p{row}" for row in range(votes.shape[0])),
                      tuple(f"s{column}" for column in range(votes.shape[1])), votes)


def camps(*sizes, seed=4, statements=12, noise=0.12):
    """Camps of some sizes that each vote their own way, with a few votes otherwise and a few unseen."""
    dice = np.random.default_rng(seed)
    ways = dice.choice([-1, 1], size=(len(sizes), statements))
    ways[1:2] = -ways[:1]
    votes = np.repeat(ways, sizes, axis=0)
    votes[dice.random(votes.shape) < noise] = 0
    votes[dice.random(votes.shape) < noise] = UNSEEN
    return votes


def cosine(one, other):
    return abs(float(np.dot(one, other))) / float(np.linalg.norm(one) * np.linalg.norm(other))


@pytest.mark.parametrize("name", PUBLISHED)
def test_components_are_those_that_were_published(shared, name):
    conversation, maths = published_conversation(shared, name)
    found = principal_components(conversation.matrix, excluded=conversation.excluded)
    for ours, theirs in zip(found.directions, maths["pca"]["comps"], strict=True):
        assert len(set(theirs)) > 10
        assert cosine(ours, theirs) > 0.999999


@pytest.mark.parametrize("name", OPEN_DATA)
def test_components_and_groups_are_those_of_an_independent_pipeline(shared, name):
    conversation = open_conversation(shared, name)
    expected, people = conversation.expected, conversation.matrix.people
    groups = find_groups(conversation.matrix, excluded=conversation.excluded)
    found = groups.components
    for place, ours in enumerate(found.directions, start=1):
        theirs = [expected[f"statement_pc{place}"][each] for each in conversation.matrix.statements]
        assert cosine(ours, theirs) > 0.999999
    assert found.shares == pytest.approx(expected["explained_variance_ratio"], abs=1e-9)
    places = np.array([expected["participant_xy"][person] for person in people])
    assert np.abs(np.abs(places) - np.abs(found.points)).max() < 1e-6
    assert (groups.groups, groups.people) == (expected["n_groups"], expected["n_clustered"])
    for count, split in groups.tried.items():
        reference = expected["silhouette_by_k"][str(count)]
        best = min(reference["reddwarf_inertia"], reference["kmeanspp30_inertia"])
        assert split.inertia <= 1.01 * best
    labels = {person: int(label) for person, label in zip(people, groups.labels, strict=True) if label >= 0}
    assert rand_index(labels, expected["group_membership"]) > 0.95


def rand_index(one, other):
    """The adjusted Rand index: 1 for the same groups, about 0 for chance."""
    assert set(one) == set(other)
    table = np.zeros((max(one.values()) + 1, max(other.values()) + 1))
    for person, label in one.items():
        table[label, other[person]] += 1

    def pairs(counts):
        return float((counts * (counts - 1) / 2).sum())

    both, ours, theirs = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    chance = ours * theirs / pairs(np.array([table.sum()]))
    return (both - chance) / ((ours + theirs) / 2 - chance)


def test_conversation_without_a_stable_optimum_is_cut_as_well_as_elsewhere(shared):
    conversation = open_conversation(shared, "london.youth.policing")
    found = find_groups(conversation.matrix, excluded=conversation.excluded)
    for count, split in found.tried.items():
        reference = conversation.expected["silhouette_by_k"][str(count)]
        assert split.inertia <= 1.01 * min(reference["reddwarf_inertia"], reference["kmeanspp30_inertia"])


def test_camps_are_found_and_named_by_size():
    found = find_groups(matrix(camps(12, 20)))
    assert (found.refused, found.groups, found.chosen.sizes, found.names) == ("", 2, (20, 12), ("A", "B"))
    assert found.labels.tolist() == [1] * 12 + [0] * 20
    assert describe_groups(found).startswith("Exploratory: 2 groups of 20 and 12 people (mean silhouette 0.")


def test_order_of_people_and_statements_changes_no_group():
    votes = camps(9, 11, 8)
    whole = matrix(votes)
    found = find_groups(whole)
    people, statements = np.random.default_rng(7).permutation(28), np.random.default_rng(8).permutation(12)
    turned = find_groups(VoteMatrix(tuple(whole.people[row] for row in people),
                                    tuple(whole.statements[one] for one in statements), votes[people][:, statements]))
    assert turned.labels.tolist() == found.labels[people].tolist()
    assert turned.chosen.silhouette == pytest.approx(found.chosen.silhouette)
    assert np.allclose(np.abs(turned.components.directions), np.abs(found.components.directions[:, statements]))
    assert find_groups(whole).labels.tolist() == found.labels.tolist()


def test_under_fifteen_people_are_refused_with_the_number():
    found = find_groups(matrix(camps(7, 7)))
    assert found.refused == ("14 people have voted on at least 7 statements; groups are looked for from 15 people up.")
    assert (found.labels, found.groups, found.chosen) == (None, 0, None)
    assert describe_groups(found).startswith("No opinion groups. 14 people")
    few = camps(8, 8)
    few[:2, 6:] = UNSEEN
    assert find_groups(matrix(few)).refused.startswith("14 people have voted")


def test_split_of_one_against_many_is_refused_with_the_reason():
    votes = np.ones((107, 12), dtype=np.int8)
    votes[0] = -1
    found = find_groups(matrix(votes))
    assert "a split of 106 against 1 leaves a group under 3" in found.refused
    assert found.labels is None


def test_everybody_alike_is_refused():
    assert find_groups(matrix(np.ones((20, 8)))).refused.startswith("Everybody voted alike")
    assert find_groups(matrix(np.full((20, 8), UNSEEN))).refused.startswith("0 people have")


def test_those_who_voted_too_little_belong_to_no_group():
    votes = camps(10, 10)
    votes[3, 4:] = UNSEEN
    found = find_groups(matrix(votes))
    assert (found.labels[3], found.people) == (-1, 19)
    assert found.components.points.shape == (20, 2)


def test_excluded_statement_carries_no_weight():
    votes = camps(10, 10)
    found = principal_components(matrix(votes), excluded=["s3"])
    assert found.directions[:, 3] == pytest.approx([0, 0], abs=1e-12)
    assert abs(principal_components(matrix(votes)).directions[0, 3]) > 0.01


def test_large_tables_have_the_components_of_a_full_decomposition():
    dice = np.random.default_rng(2)
    votes = dice.integers(-1, 2, size=(400, 300)).astype(np.int8)
    votes[:150, :80] = 1
    votes[dice.random(votes.shape) < 0.6] = UNSEEN
    found = principal_components(matrix(votes))
    seen = votes != UNSEEN
    means = np.where(seen, votes, 0).sum(axis=0) / seen.sum(axis=0)
    _, values, vectors = np.linalg.svd(np.where(seen, votes - means, 0), full_matrices=False)
    assert found.variances == pytest.approx(values[:2] ** 2 / 399, rel=1e-9)
    assert [cosine(one, other) for one, other in zip(found.directions, vectors, strict=False)] == pytest.approx([1, 1])
    assert all(one[np.abs(one).argmax()] > 0 for one in found.directions)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=25), st.integers(1, 4))
def test_clusters_are_no_worse_than_any_single_change(places, count):
    points = np.array(places, dtype=float)
    found = k_means(points, count)
    assert sum(found.sizes) == len(points)
    assert list(found.sizes) == sorted(found.sizes, reverse=True)
    distances = ((points[:, None] - found.centres[None]) ** 2).sum(axis=2)
    assert (distances[np.arange(len(points)), found.labels] <= distances.min(axis=1) + 1e-9).all()
    assert found.inertia == pytest.approx(distances.min(axis=1).sum(), abs=1e-9)
    again = k_means(points[::-1], count)
    assert again.inertia == pytest.approx(found.inertia)


def test_silhouette_by_hand():
    # On a line 0, 1 | 5: for 0, a = 1 and b = 5; for 1, a = 1 and b = 4; alone, 0.
    points = np.array([[0.0, 0], [1, 0], [5, 0]])
    found = mean_silhouettes(points, [np.array([0, 0, 1]), np.array([0, 0, 0])])
    assert found == pytest.approx([(4 / 5 + 3 / 4 + 0) / 3, 0])
    assert mean_silhouettes(points, []) == []
    with pytest.raises(ValueError, match="cannot make 4 clusters"):
        k_means(points, 4)


def test_shuffled_votes_hang_together_less_than_real_camps():
    whole = matrix(camps(14, 16))
    found, chance = find_groups(whole), shuffled_silhouettes(whole, shuffles=5)
    assert found.chosen.silhouette > max(chance)
    assert "better than any of 5 shuffles" in describe_chance(found, chance)
    noise = matrix(np.random.default_rng(3).integers(-1, 2, size=(30, 12)))
    nothing, chance = find_groups(noise), shuffled_silhouettes(noise, shuffles=9)
    assert "no more than chance" in describe_chance(nothing, [*chance, 1.0])
    assert shuffled_silhouettes(noise, shuffles=9) == chance


def test_report_is_plain_nameless_and_the_same_each_time():
    whole = matrix(camps(12, 20))
    told = opinion_report(whole)
    assert told == opinion_report(whole)
    assert told["label"] == "exploratory"
    assert [(group["name"], group["people"]) for group in told["groups"]] == [("A", 20), ("B", 12)]
    assert len(told["map"]["points"]) == 32
    assert not any(person in str(told).split("'") for person in whole.people)
    assert told["shared"][0]["agree"] >= told["shared"][-1]["agree"]
    refused = opinion_report(matrix(camps(3, 3)))
    assert "groups" not in refused
    assert refused["refused"].startswith("6 people")


def test_votes_that_are_none_are_refused():
    with pytest.raises(ValueError, match="1, 0 or -1"):
        matrix([[2]])
    with pytest.raises(ValueError, match="not among the statements"):
        matrix_of({"ann": {"x": 1}}, statements="s")
    with pytest.raises(ValueError, match="row for each person"):
        VoteMatrix(("a",), ("s", "t"), np.zeros((1, 1), dtype=np.int8))


def test_web_and_commands_start_without_numpy():
    program = "import sys, sigforum.cli, sigforum.app; print('numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == "False"
