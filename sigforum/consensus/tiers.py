"""Orders with ties: options that stand equal share a tier, and nothing here ever breaks a tie."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from sigforum.kernel.words import named

# Best first; the options of one tier are equal.
Tiers = tuple[tuple[str, ...], ...]
Score = TypeVar("Score", float, Fraction)


def tiers_by_score(scores: Mapping[str, Score]) -> Tiers:
    """The options by score, highest first; equal scores share a tier, in the order of `scores`."""
    return tuple(
        tuple(option for option, score in scores.items() if score == wanted)
        for wanted in sorted(set(scores.values()), reverse=True)
    )


def shared_ranks(tiers: Tiers) -> dict[str, int]:
    """The rank of every option: 1 for the first tier, and after two that share it 3 (standard competition
    ranking)."""
    ranks: dict[str, int] = {}
    for tier in tiers:
        rank = len(ranks) + 1
        ranks |= dict.fromkeys(tier, rank)
    return ranks


def tiers_by_defeats(options: Sequence[str], *, beats: Callable[[str, str], bool]) -> Tiers:
    """The options by how many others beat them, fewest first.

    For a transitive `beats` a winner of a pair always stands above its loser: whatever beats the winner
    beats the loser too.
    """
    return tiers_by_score({one: -sum(beats(other, one) for other in options) for one in options})


def undecided_pairs(
    tiers: Tiers, *, beats: Callable[[str, str], bool]
) -> tuple[tuple[str, str], ...]:
    """Pairs on different tiers of which neither beats the other, upper one first.

    Their order comes from third options alone, so whoever shows the order has to say so.
    """
    return tuple(
        (upper, lower)
        for place, tier in enumerate(tiers)
        for upper in tier
        for below in tiers[place + 1 :]
        for lower in below
        if not beats(upper, lower) and not beats(lower, upper)
    )


def describe_tiers(tiers: Tiers, *, names: Mapping[str, str] | None = None) -> str:
    """A plain readout, ">" for above and "=" for equal: "Clay > Brick = Stone"."""
    shown = names or {}
    return " > ".join(" = ".join(shown.get(option) or named(option) for option in tier) for tier in tiers)
