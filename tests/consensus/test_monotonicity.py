"""More support never hurts: rules that judge shares, and ways of counting that are known to keep this."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.consensus.borda import borda_points
from sigforum.consensus.copeland import copeland_scores
from sigforum.consensus.pairwise import count_pairs
from sigforum.consensus.rulebook import rule_named
from sigforum.consensus.schulze import schulze_order
from sigforum.consensus.tiers import tiers_by_score
from sigforum.consensus.verdicts import VerdictWord

HEIGHT = {VerdictWord.CONSENSUS_AGAINST: 0, VerdictWord.NO_CONSENSUS: 1, VerdictWord.CONSENSUS_FOR: 2}
COUNTS = {
    "schulze": lambda pairs: schulze_order(pairs).winners,
    "borda": lambda pairs: tiers_by_score(borda_points(pairs))[0],
    "copeland": lambda pairs: tiers_by_score(copeland_scores(pairs))[0],
}


@pytest.mark.parametrize("name", ["percent_agreement", "seventy_fifteen"])
@settings(deadline=None, max_examples=60)
@given(ratings=st.lists(st.integers(1, 9), min_size=5, max_size=20), place=st.integers(0, 19))
def test_higher_rating_never_lowers_a_verdict(name, ratings, place, make_panel):
    place %= len(ratings)
    raised = [*ratings[:place], min(ratings[place] + 2, 9), *ratings[place + 1:]]
    before, after = (rule_named(name).judge(make_panel(each)).word for each in (ratings, raised))
    assert HEIGHT[after] >= HEIGHT[before]


@pytest.mark.parametrize("name", COUNTS)
@settings(deadline=None, max_examples=60)
@given(orders=st.lists(st.permutations("abcd"), min_size=1, max_size=7), place=st.integers(0, 6))
def test_winner_who_is_raised_on_a_ballot_still_wins(name, orders, place):
    ballots = [{option: rank for rank, option in enumerate(order, start=1)} for order in orders]
    winner = COUNTS[name](count_pairs(ballots, options="abcd"))[0]
    ballot = ballots[place % len(ballots)]
    ballots[place % len(ballots)] = {**ballot, winner: 0}
    assert winner in COUNTS[name](count_pairs(ballots, options="abcd"))


@pytest.mark.parametrize("name", COUNTS)
@settings(deadline=None, max_examples=40)
@given(orders=st.lists(st.permutations("abcd"), min_size=1, max_size=6))
def test_doubled_electorate_elects_the_same(name, orders):
    ballots = [{option: rank for rank, option in enumerate(order, start=1)} for order in orders]
    assert COUNTS[name](count_pairs(ballots * 2, options="abcd")) == COUNTS[name](
        count_pairs(ballots, options="abcd"))
