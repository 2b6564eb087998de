"""Agreement over groups and what sets a group apart: Polis's own numbers, given its groups."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.group_consensus import (
    GroupVotes,
    describe_shared_vote,
    shared_vote,
    uses_opinion_groups,
    votes_by_group,
)
from sigforum.consensus.opinion.vote_matrix import count_groups
from sigforum.consensus.representative import compare, describe_representative, representative_statements
from tests.consensus.conversations import PUBLISHED, published_conversation

VOTES = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)).map(
    lambda three: GroupVotes(three[0], three[1], sum(three)))


def side_figures(side):
    return {"n-success": side.count, "n-trials": side.seen, "p-success": side.chance, "p-test": side.chance_z,
            "repness": side.ratio}


def test_shared_vote_gives_every_number_of_the_case_file(read_case):
    case = read_case("polis_group_consensus_below-100-ptpts.json")
    expected = case["published_group_aware_consensus"]
    for statement, value in expected.items():
        groups = [GroupVotes(*votes[statement]) for votes in case["groups"].values()]
        assert shared_vote(groups).agree == pytest.approx(value, abs=1e-9)
    assert len(set(expected.values())) > 30


def test_compare_gives_every_number_of_the_case_file(read_case):
    case = read_case("polis_group_consensus_below-100-ptpts.json")
    for each in case["published_repness"]:
        is_agree = each["dir"] == "agree"
        inside, outside = ((GroupVotes(count, 0, seen) if is_agree else GroupVotes(0, count, seen))
                           for count, seen in ((each["s_in"], each["n_in"]), (each["s_out"], each["n_out"])))
        side = compare(str(each["tid"]), inside, outside)[0 if is_agree else 1]
        published = dict(each["published"])
        # Polis prints this one with the eight digits of a short float.
        assert side.ratio_z == pytest.approx(published.pop("repness-test"), abs=1e-6)
        assert side_figures(side) == pytest.approx(published, abs=1e-9)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_groups_give_published_consensus_and_statements(shared, name):
    conversation, _ = published_conversation(shared, name)
    expected = conversation.expected
    names = sorted(set(map(str, expected["membership"].values())))
    labels = np.array([int(expected["membership"].get(person, -1)) for person in conversation.matrix.people])
    votes = count_groups(conversation.matrix, labels, names=names)
    consensus = expected["group_aware_consensus"]
    assert len(set(consensus.values())) > 10
    for statement, value in consensus.items():
        found = shared_vote([votes[group][statement] for group in names])
        assert found.agree == pytest.approx(value, abs=1e-9)
    chosen = representative_statements(votes, excluded=conversation.excluded)
    for group in names:
        published = {each["tid"]: each for each in expected["repness"][group]}
        assert {int(one.side.statement) for one in chosen[group]} == set(published)
        for one in chosen[group]:
            each = published[int(one.side.statement)]
            assert ("agree" if one.side.agrees else "disagree") == each["repful-for"]
            assert one.is_best_agreed is bool(each.get("best-agree"))
            assert side_figures(one.side) == pytest.approx(
                {key: each[key] for key in side_figures(one.side)}, abs=1e-9)
            assert one.side.ratio_z == pytest.approx(each["repness-test"], abs=1e-6)


@settings(deadline=None)
@given(st.lists(VOTES, min_size=1, max_size=5), st.randoms())
def test_shared_vote_is_a_chance_that_no_order_of_groups_changes(groups, dice):
    found = shared_vote(groups)
    assert 0 < found.agree < 1
    assert found.agree <= min(group.agree_chance for group in groups) + 1e-12
    again = shared_vote(dice.sample(groups, len(groups)))
    assert (again.agree, again.disagree) == pytest.approx((found.agree, found.disagree))
    turned = shared_vote([GroupVotes(group.disagree, group.agree, group.seen) for group in groups])
    assert (turned.agree, turned.disagree) == (found.disagree, found.agree)


@settings(deadline=None)
@given(VOTES, VOTES)
def test_sides_mirror_and_one_more_agreeing_never_lowers_the_ratio(inside, outside):
    agreeing, disagreeing = compare("s", inside, outside)
    turned = compare("s", GroupVotes(inside.disagree, inside.agree, inside.seen),
                     GroupVotes(outside.disagree, outside.agree, outside.seen))
    assert (turned[1].ratio, turned[1].ratio_z) == (agreeing.ratio, agreeing.ratio_z)
    more = GroupVotes(inside.agree + 1, inside.disagree, inside.seen + 1)
    assert compare("s", more, outside)[0].ratio >= agreeing.ratio
    assert disagreeing.seen == inside.seen


def test_declared_groups_are_counted_by_hand():
    votes = {"ann": {"s": 1, "t": -1}, "bob": {"s": 0}, "cyd": {"s": 1}, "dan": {"s": -1}}
    found = votes_by_group(votes, {"ann": "patients", "bob": "patients", "cyd": "industry"}, statements="st")
    assert found == {"industry": {"s": GroupVotes(1, 0, 1), "t": GroupVotes(0, 0, 0)},
                     "patients": {"s": GroupVotes(1, 0, 2), "t": GroupVotes(0, 1, 1)}}
    groups = {name: rows["s"] for name, rows in found.items()}
    # 2/3 of industry times 2/4 of patients.
    assert shared_vote(list(groups.values())).agree == pytest.approx(1 / 3)
    assert describe_shared_vote(groups) == "industry 1 of 1 agree, patients 1 of 2 agree; over groups 0.33"
    assert [uses_opinion_groups(people) for people in (39, 40)] == [False, True]


def test_group_without_anything_clear_has_what_is_likelier_in_it_or_nothing():
    votes = {"A": {"s": GroupVotes(1, 1, 3)}, "B": {"s": GroupVotes(1, 1, 3)}}
    assert representative_statements(votes)["A"] == ()
    votes["A"]["s"] = GroupVotes(0, 2, 3)
    (only,) = representative_statements(votes)["A"]
    assert (only.side.statement, only.is_best_agreed) == ("s", False)
    assert representative_statements({}) == {}
    assert representative_statements(votes, excluded="s") == {"A": (), "B": ()}
    assert describe_representative(only) == "2 of 3 disagree, 1.5 times as likely as outside the group"


def test_counts_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="no count of votes"):
        GroupVotes(2, 2, 3)
    with pytest.raises(ValueError, match="at least one group"):
        shared_vote([])
