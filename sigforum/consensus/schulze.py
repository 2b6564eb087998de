"""The Schulze order: an option beats another when its strongest path of duels there is the stronger one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sigforum.consensus.pairwise import Pairwise
from sigforum.consensus.reachability import Reachability
from sigforum.consensus.tiers import Tiers, describe_tiers, tiers_by_defeats, undecided_pairs
from sigforum.kernel.words import named


@dataclass(frozen=True)
class SchulzeOrder:
    """Tiers, best first; `undecided` are pairs on different tiers of which neither beats the other.

    `strength` is the strength of the strongest path from one option to another, in votes.
    """

    tiers: Tiers
    undecided: tuple[tuple[str, str], ...]
    strength: Mapping[tuple[str, str], int]

    @property
    def winners(self) -> tuple[str, ...]:
        """The options that no other beats: one, unless there is a tie."""
        return self.tiers[0] if self.tiers else ()


def schulze_order(pairs: Pairwise) -> SchulzeOrder:
    """The order by strongest paths, a duel won being as strong as its winning votes.

    Options that the same number of others beat share a tier; no tie is broken. Source: Schulze, Social Choice
    and Welfare 36 (2011) 267-303, section 2, with winning votes; the order is transitive (section 4.1 there).
    """
    names, votes = pairs.options, pairs.rows()
    size = range(len(names))
    strength = strongest_paths(names, [(votes[one][other], one, other) for one in size for other in size
                                       if votes[one][other] > votes[other][one]])

    def beats(one: str, other: str) -> bool:
        return one != other and strength[one, other] > strength[other, one]

    tiers = tiers_by_defeats(pairs.options, beats=beats)
    return SchulzeOrder(tiers=tiers, undecided=undecided_pairs(tiers, beats=beats), strength=strength)


def strongest_paths(names: Sequence[str], duels: Iterable[tuple[int, int, int]]) -> dict[tuple[str, str], int]:
    """The strength of the strongest path between each two options; `duels` are (votes, winner, loser), by place.

    Duels are added from the strongest down: the one that first joins two options is the weakest of their path.
    """
    strength = {(one, other): 0 for one in names for other in names if one != other}
    reached = Reachability(len(names))
    for count, winner, loser in sorted(duels, reverse=True):
        for start, end in reached.add(winner, loser):
            if start != end:
                strength[names[start], names[end]] = count
    return strength


def describe_schulze(order: SchulzeOrder) -> str:
    """A plain readout: "Clay > Brick = Stone", and which pairs the votes do not decide."""
    text = describe_tiers(order.tiers)
    if order.undecided:
        text += "; not decided between " + ", ".join(
            f"{named(one)} and {named(other)}" for one, other in order.undecided)
    return text
