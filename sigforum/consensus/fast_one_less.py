"""One person less for rankings and points, found by taking a ballot out of the counts instead of counting again."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sigforum.consensus.one_person_less import OnePersonLess, each_left_out
from sigforum.consensus.pairwise import Pairwise, Ranking, complete
from sigforum.consensus.schulze import schulze_order

# Different ballots times options cubed, what the orders without each of them cost: about a tenth of a second.
MOST_WORK = 100_000


def rankings_one_less(ballots: Sequence[Ranking], pairs: Pairwise) -> OnePersonLess | None:
    """Whether the first place of the Schulze order hangs on one ballot; None where finding out takes too long.

    An option that is two votes ahead in each of its duels wins them all without any one ballot, and so keeps the
    first place; only where no option is, ballots are left out. Source: Quenouille 1956 as in `one_person_less`; that
    a Condorcet winner is first: Schulze, Social Choice and Welfare 36 (2011) 267-303, section 4.7.
    """
    winner, whole = pairs.condorcet_winner, schulze_order(pairs).winners
    if winner and all(pairs.above[winner, other] - pairs.above[other, winner] > 1
                      for other in pairs.options if other != winner):
        return OnePersonLess(leaders=(winner,), people=len(ballots), tipping=0, instead=())
    different = len({frozenset(ballot.items()) for ballot in ballots})
    if different * len(pairs.options) ** 3 > MOST_WORK:
        return None
    return each_left_out(ballots, whole=whole, without=lambda ballot: schulze_order(_without(pairs, ballot)).winners)


def points_one_less(ballots: Sequence[Mapping[str, int]]) -> OnePersonLess:
    """Whether the most points hang on one ballot; nobody leads where no points are left."""
    totals: Counter[str] = Counter()
    for ballot in ballots:
        totals.update(ballot)
    return each_left_out(ballots, whole=_most(totals), without=lambda ballot: _most(totals, ballot))


def _without(pairs: Pairwise, ballot: Ranking) -> Pairwise:
    ranks = complete(ballot, options=pairs.options)
    above = {(one, other): count - (ranks[one] < ranks[other]) for (one, other), count in pairs.above.items()}
    return Pairwise(options=pairs.options, voters=pairs.voters - 1, above=above)


def _most(totals: Mapping[str, int], ballot: Mapping[str, int] | None = None) -> tuple[str, ...]:
    left = {key: points - ballot.get(key, 0) for key, points in totals.items()} if ballot else totals
    top = max(left.values(), default=0)
    return tuple(key for key, points in left.items() if points == top) if top > 0 else ()
