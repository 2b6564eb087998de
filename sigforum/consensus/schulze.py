"""The Schulze order: an option beats another when its strongest path of duels there is the stronger one."""

from collections.abc import Mapping
from dataclasses import dataclass

from sigforum.consensus.pairwise import Pairwise
from sigforum.consensus.tiers import Tiers, describe_tiers, tiers_by_defeats, undecided_pairs


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
    strength = _strongest_paths(pairs)

    def beats(one: str, other: str) -> bool:
        return one != other and strength[one, other] > strength[other, one]

    tiers = tiers_by_defeats(pairs.options, beats=beats)
    return SchulzeOrder(tiers=tiers, undecided=undecided_pairs(tiers, beats=beats), strength=strength)


def _strongest_paths(pairs: Pairwise) -> dict[tuple[str, str], int]:
    size = range(len(pairs.options))
    votes = pairs.rows()
    paths = [[votes[i][j] if votes[i][j] > votes[j][i] else 0 for j in size] for i in size]
    for middle in size:
        onward = paths[middle]
        for start in size:
            here, first = paths[start], paths[start][middle]
            if start == middle or not first:
                continue
            for end in size:
                through = min(first, onward[end])
                if end != start and through > here[end]:
                    here[end] = through
    return {(pairs.options[i], pairs.options[j]): paths[i][j] for i in size for j in size if i != j}


def describe_schulze(order: SchulzeOrder) -> str:
    """A plain readout: "Clay > Brick = Stone", and which neighbours the votes do not decide."""
    text = describe_tiers(order.tiers)
    if order.undecided:
        text += "; not decided between " + ", ".join(f"{one} and {other}" for one, other in order.undecided)
    return text
