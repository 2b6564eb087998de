"""Options scored on several criteria: the weighted sum, and how far the order hangs on one weight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sigforum.consensus.percentiles import Number, number_text
from sigforum.consensus.tiers import Tiers, describe_tiers, tiers_by_score

Scores = Mapping[str, Sequence[Number]]


@dataclass(frozen=True)
class WeightedOrder:
    """The total of each option and the order that they give, ties shown. Totals are exact."""

    totals: Mapping[str, Fraction]
    tiers: Tiers


def weighted_order(scores: Scores, *, weights: Sequence[Number]) -> WeightedOrder:
    """The additive value of each option; weights are scaled to sum to 1.

    Numbers written as decimals are read as such, so that 0.1 is a tenth. Raises ValueError for negative
    weights, weights that are all 0, or a number of scores that does not fit. Source: Keeney and Raiffa,
    "Decisions with multiple objectives" (1976), the additive model.
    """
    shares = _shares(weights)
    if any(len(row) != len(shares) for row in scores.values()):
        raise ValueError(f"every option takes {len(shares)} scores, one a criterion")
    totals = {option: sum((share * _exact(score) for share, score in zip(shares, row, strict=True)), Fraction(0))
              for option, row in scores.items()}
    return WeightedOrder(totals=totals, tiers=tiers_by_score(totals))


def with_factor(weights: Sequence[Number], *, criterion: int, factor: Number) -> tuple[Fraction, ...]:
    """The weights with one of them multiplied and all scaled to sum to 1 again: one-at-a-time sensitivity.

    Source: Triantaphyllou and Sánchez, "A sensitivity analysis approach for some deterministic multi-criteria
    decision-making methods", Decision Sciences 28 (1997) 151-194.
    """
    changed = [_exact(weight) * (_exact(factor) if place == criterion else 1)
               for place, weight in enumerate(weights)]
    return _shares(changed)


def swap_weight(
    first: Sequence[Number], second: Sequence[Number], *, weights: Sequence[Number], criterion: int
) -> Fraction | None:
    """The weight of one criterion at which two options are level, the others keeping their proportions.

    None where no weight from 0 to 1 levels them, or where any does (same source).
    """
    shares = _shares(weights)
    ahead = [_exact(one) - _exact(other) for one, other in zip(first, second, strict=True)]
    rest = 1 - shares[criterion]
    if rest == 0:
        return None
    others = sum((share * gap for place, (share, gap) in enumerate(zip(shares, ahead, strict=True))
                  if place != criterion), Fraction(0)) / rest
    if others == ahead[criterion]:
        return None
    level = others / (others - ahead[criterion])
    return level if 0 <= level <= 1 else None


def describe_weighted(order: WeightedOrder) -> str:
    """A plain readout: "Clay > Brick (6.5, 6.1)"."""
    figures = ", ".join(number_text(order.totals[option]) for tier in order.tiers for option in tier)
    return f"{describe_tiers(order.tiers)} ({figures})"


def _exact(value: Number) -> Fraction:
    return Fraction(value).limit_denominator(1_000_000_000)


def _shares(weights: Sequence[Number]) -> tuple[Fraction, ...]:
    exact = [_exact(weight) for weight in weights]
    total = sum(exact, Fraction(0))
    if total == 0 or min(exact) < 0:
        raise ValueError("weights are 0 or more, and not all 0")
    return tuple(weight / total for weight in exact)
