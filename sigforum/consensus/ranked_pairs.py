"""Ranked pairs: duels are locked in from the clearest down, and equally clear ones are taken in every order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from sigforum.consensus.pairwise import Pairwise
from sigforum.consensus.reachability import Reachability
from sigforum.consensus.tiers import Tiers, describe_tiers, tiers_by_score, undecided_pairs
from sigforum.kernel.words import named

Pair = tuple[str, str]
Edge = tuple[int, int]

# Ways of taking equally clear duels that are followed at most; this many are enough for any real vote.
MOST_WAYS = 4096


@dataclass(frozen=True)
class RankedPairs:
    """The tiers, the pairs locked in (winner first) and those left out because they closed a circle.

    The first tier holds whoever comes first by some way of taking equally clear duels. `locked` pairs stand in every
    such way and `left_out` ones in none, against clearer duels; `tied_out` stand in some.
    """

    tiers: Tiers
    undecided: tuple[Pair, ...]
    locked: tuple[Pair, ...]
    left_out: tuple[Pair, ...]
    tied_out: tuple[Pair, ...]


def ranked_pairs(pairs: Pairwise) -> RankedPairs:
    """The order by ranked pairs, winning votes, ties left standing.

    A duel with more winning votes is clearer; among equal ones the one with fewer votes against. Duels equal in both
    are locked in in every order, and no order of names or dice decides: an option stands as high as the best way
    puts it, so that the first tier holds the winners of all ways. Raises ValueError where there are too many ways to
    follow them all. Sources: Tideman, "Independence of clones as a criterion for voting rules", Social Choice and
    Welfare 4 (1987) 185-206; following every tie: Conitzer, Rognlie and Xia, "Preference functions that score rankings
    and maximum likelihood estimation", IJCAI (2009), "parallel universes"; Brill and Fischer, "The price of
    neutrality for the ranked pairs method", AAAI (2012).
    """
    def clearness(pair: Pair) -> tuple[int, int]:
        return -pairs.above[pair], pairs.above[pair[1], pair[0]]

    duels = sorted((pair for pair in pairs.above if pairs.beats(*pair)), key=clearness)
    place = {option: number for number, option in enumerate(pairs.options)}
    ways = [Reachability(len(place))]
    for _, group in groupby(duels, key=clearness):
        equal = [(place[winner], place[loser]) for winner, loser in group]
        following = {way.rows: way for before in ways for way in _each_way(before, equal)}
        if len(following) > MOST_WAYS:
            raise ValueError("too many ties to follow them all")
        ways = list(following.values())

    def stands(pair: Pair) -> list[bool]:
        return [way.reaches(place[pair[0]], place[pair[1]]) for way in ways]

    def beats(one: str, other: str) -> bool:
        return all(stands((one, other)))

    tiers = tiers_by_score({one: -min(sum(way.reaches(place[other], place[one]) for other in pairs.options)
                                      for way in ways) for one in pairs.options})
    return RankedPairs(
        tiers=tiers, undecided=undecided_pairs(tiers, beats=beats),
        locked=tuple(pair for pair in duels if all(stands(pair))),
        left_out=tuple(pair for pair in duels if not any(stands(pair))),
        tied_out=tuple(pair for pair in duels if any(stands(pair)) and not all(stands(pair))))


def _each_way(before: Reachability, equal: list[Edge]) -> Iterator[Reachability]:
    """What equally clear duels come to in every order of locking them in; each end once."""
    waiting, seen = [before], {before.rows}
    while waiting:
        way = waiting.pop()
        possible = [(winner, loser) for winner, loser in equal
                    if not way.reaches(loser, winner) and not way.reaches(winner, loser)]
        together = way.extended(possible)
        # Those that lie on no circle stand whatever comes first.
        way = way.extended(edge for edge in possible if not together.reaches(edge[1], edge[0]))
        circling = [edge for edge in possible if together.reaches(edge[1], edge[0]) and not way.reaches(*edge)
                    and not way.reaches(edge[1], edge[0])]
        if not circling:
            yield way
            continue
        for edge in circling:
            longer = way.extended([edge])
            if longer.rows not in seen:
                seen.add(longer.rows)
                waiting.append(longer)
        if len(seen) > MOST_WAYS:
            raise ValueError("too many ties to follow them all")


def describe_ranked_pairs(found: RankedPairs) -> str:
    """A plain readout: "Clay > Brick = Stone", which duels were left out, and what the votes do not decide."""
    text = describe_tiers(found.tiers)
    if found.left_out:
        text += f"; left out against clearer duels: {_named(found.left_out)}"
    if found.tied_out:
        text += f"; left out by some ways of taking equally clear duels: {_named(found.tied_out)}"
    if found.undecided:
        text += "; not decided between " + ", ".join(
            f"{named(one)} and {named(other)}" for one, other in found.undecided)
    return text


def _named(pairs: Iterable[Pair]) -> str:
    return ", ".join(f"{named(one)} over {named(other)}" for one, other in pairs)
