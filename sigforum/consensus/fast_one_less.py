"""One person less for rankings and points, found by taking a ballot out of the counts instead of counting again.

How rankings of an electorate are told apart: whoever is not in the smallest set whose members all beat all others by
two votes neither wins nor helps anybody win, with or without one ballot; so ballots count as alike that are so on it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sigforum.consensus.one_person_less import OnePersonLess, each_left_out
from sigforum.consensus.pairwise import Pairwise, Ranking, alike, complete
from sigforum.consensus.schulze import schulze_order, strongest_paths
from sigforum.kernel.breathing import breathe

# Different ballots times options cubed, what the orders without each of them cost: about a tenth of a second.
MOST_WORK = 100_000


def rankings_one_less(ballots: Sequence[Ranking], pairs: Pairwise, *, most_work: int | None = MOST_WORK
                      ) -> OnePersonLess | None:
    """Whether the first place of the Schulze order hangs on one ballot; None where finding out takes too long, which
    `most_work` bounds and None does not.

    An option that is two votes ahead in each of its duels wins them all without any one ballot, and so keeps the
    first place; only where no option is, ballots are left out. Source: Quenouille 1956 as in `one_person_less`; that
    a Condorcet winner is first: Schulze, Social Choice and Welfare 36 (2011) 267-303, section 4.7; that winners are
    of the smallest dominant set and depend on its duels alone: section 4.7 there, no path leads into it from outside.
    """
    return one_less_of(alike(ballots), pairs, most_work=most_work)


def one_less_of(ways: Sequence[tuple[Ranking, int]], pairs: Pairwise, *, most_work: int | None = None
                ) -> OnePersonLess | None:
    """The same of ballots that are sorted into `alike` already."""
    winner, people = pairs.condorcet_winner, pairs.voters
    if winner and all(pairs.above[winner, other] - pairs.above[other, winner] > 1
                      for other in pairs.options if other != winner):
        return OnePersonLess(leaders=(winner,), people=people, tipping=0, instead=())
    if most_work is not None and len(ways) * len(pairs.options) ** 3 > most_work:
        return None
    whole = schulze_order(pairs).winners
    if _keeps_its_place(pairs, whole):
        return OnePersonLess(leaders=tuple(whole), people=people, tipping=0, instead=())
    inner = _among(pairs, _safe_set(pairs))
    kinds: Counter[tuple[tuple[str, int], ...]] = Counter()
    for ballot, count in ways:
        ranks = complete(ballot, options=pairs.options)
        places = {rank: place for place, rank in enumerate(sorted({ranks[one] for one in inner.options}), start=1)}
        kinds[tuple((one, places[ranks[one]]) for one in inner.options)] += count
    whole, tipping, instead = tuple(sorted(whole)), 0, set()
    for ranked, count in kinds.items():
        breathe()
        left = tuple(sorted(schulze_order(_without(inner, dict(ranked))).winners))
        if left != whole:
            tipping += count
            instead.add(left)
    return OnePersonLess(leaders=whole, people=people, tipping=tipping, instead=tuple(sorted(instead)))


def _keeps_its_place(pairs: Pairwise, winners: tuple[str, ...]) -> bool:
    """Whether one winner's paths stay stronger than those back whichever ballot is left out: it takes one vote at most
    from each duel, so a duel won by two stays won, and one lost by one or level may at most be won as it stands."""
    if len(winners) != 1:
        return False
    names, votes = pairs.options, pairs.rows()
    places = [(one, other) for one in range(len(names)) for other in range(len(names)) if one != other]
    least = strongest_paths(names, [(votes[one][other] - 1, one, other) for one, other in places
                                    if votes[one][other] - votes[other][one] > 1])
    most = strongest_paths(names, [(votes[one][other], one, other) for one, other in places
                                   if votes[one][other] >= votes[other][one]])
    return all(least[winners[0], other] > most[other, winners[0]] for other in names if other != winners[0])


def _safe_set(pairs: Pairwise) -> tuple[str, ...]:
    """The smallest set of options of which each is two votes ahead of each option outside it."""
    duels = {option: pairs.wins(option) + pairs.ties(option) / 2 for option in pairs.options}
    inside = {max(pairs.options, key=duels.__getitem__)} if pairs.options else set()
    waiting = list(inside)
    while waiting:
        one = waiting.pop()
        near = {other for other in pairs.options if other not in inside
                and pairs.above[one, other] - pairs.above[other, one] < 2}
        inside |= near
        waiting += near
    return tuple(option for option in pairs.options if option in inside)


def _among(pairs: Pairwise, options: tuple[str, ...]) -> Pairwise:
    return Pairwise(options=options, voters=pairs.voters, above={
        (one, other): pairs.above[one, other] for one in options for other in options if one != other})


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
