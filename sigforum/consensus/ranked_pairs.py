"""Ranked pairs: duels are locked in from the clearest down, unless one would contradict those before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from sigforum.consensus.pairwise import Pairwise
from sigforum.consensus.reachability import Reachability
from sigforum.consensus.tiers import Tiers, describe_tiers, tiers_by_defeats, undecided_pairs

Pair = tuple[str, str]


@dataclass(frozen=True)
class RankedPairs:
    """The tiers, the pairs locked in (winner first) and those left out because they closed a circle.

    `tied_out` are pairs left out only because several equally clear ones closed a circle together.
    """

    tiers: Tiers
    undecided: tuple[Pair, ...]
    locked: tuple[Pair, ...]
    left_out: tuple[Pair, ...]
    tied_out: tuple[Pair, ...]


def ranked_pairs(pairs: Pairwise) -> RankedPairs:
    """The order by ranked pairs, winning votes, ties left standing.

    A duel with more winning votes is clearer; among equal ones the one with fewer votes against. Duels equal
    in both are taken together: first those go that contradict clearer ones, and then those of them that lie on
    a circle with each other, all of them, so that no order of names or dice decides. Source: Tideman,
    "Independence of clones as a criterion for voting rules", Social Choice and Welfare 4 (1987) 185-206; the
    treatment of equal duels is ours.
    """
    def clearness(pair: Pair) -> tuple[int, int]:
        return -pairs.above[pair], pairs.above[pair[1], pair[0]]

    duels = sorted((pair for pair in pairs.above if pairs.beats(*pair)), key=clearness)
    place = {option: number for number, option in enumerate(pairs.options)}
    below = Reachability(len(place))
    locked: list[Pair] = []
    left_out: list[Pair] = []
    tied_out: list[Pair] = []
    for _, group in groupby(duels, key=clearness):
        equal = [(pair, (place[pair[0]], place[pair[1]])) for pair in group]
        possible = [(pair, (winner, loser)) for pair, (winner, loser) in equal if not below.reaches(loser, winner)]
        together = below.extended(edge for _, edge in possible)
        left_out += [pair for pair, (winner, loser) in equal if below.reaches(loser, winner)]
        tied_out += [pair for pair, (winner, loser) in possible if together.reaches(loser, winner)]
        kept = [(pair, edge) for pair, edge in possible if not together.reaches(edge[1], edge[0])]
        locked += [pair for pair, _ in kept]
        below = below.extended(edge for _, edge in kept)

    def beats(one: str, other: str) -> bool:
        return below.reaches(place[one], place[other])

    tiers = tiers_by_defeats(pairs.options, beats=beats)
    return RankedPairs(
        tiers=tiers, undecided=undecided_pairs(tiers, beats=beats), locked=tuple(locked),
        left_out=tuple(left_out), tied_out=tuple(tied_out))


def describe_ranked_pairs(found: RankedPairs) -> str:
    """A plain readout: "Clay > Brick = Stone", and how many duels had to be left out."""
    text = describe_tiers(found.tiers)
    if found.left_out:
        text += f"; left out against clearer duels: {_named(found.left_out)}"
    if found.tied_out:
        text += f"; left out as equally clear in a circle: {_named(found.tied_out)}"
    return text


def _named(pairs: Iterable[Pair]) -> str:
    return ", ".join(f"{one} over {other}" for one, other in pairs)
