"""Cohen's kappa between two rounds: how far the same people gave the same rating, beyond what chance would give."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from sigforum.consensus.percentiles import number_text


class Disparity(StrEnum):
    """How much two different ratings count as disagreement."""

    UNWEIGHTED = "unweighted"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


def kappa(earlier: Sequence[int], later: Sequence[int], *, disparity: Disparity | str = Disparity.UNWEIGHTED
          ) -> float | None:
    """1 - (disparity found) / (disparity by chance), at most 1; None for nobody, or where all ratings are equal.

    A weight is 1 for any difference, or grows with the difference, or with its square. Raises ValueError for different
    lengths. Sources: Cohen, Educational and Psychological Measurement 20 (1960) 37-46; weighted: Cohen, Psychological
    Bulletin 70 (1968) 213-220.
    """
    chosen = Disparity(disparity)
    pairs = Counter(zip(earlier, later, strict=True))
    before, after, people = Counter(earlier), Counter(later), len(earlier)
    found = sum(count * _apart(one, other, chosen) for (one, other), count in pairs.items())
    chance = sum(many * more * _apart(one, other, chosen)
                 for one, many in before.items() for other, more in after.items())
    return float(1 - Fraction(people * found, chance)) if chance else None


def describe_kappa(value: float | None) -> str:
    """A plain readout: "kappa 0.76 (1 everyone repeated their rating, 0 no more than by chance)"."""
    if value is None:
        return "no kappa: it takes some difference between ratings"
    return f"kappa {number_text(value)} (1 everyone repeated their rating, 0 no more than by chance)"


def _apart(one: int, other: int, disparity: Disparity) -> int:
    if disparity is Disparity.UNWEIGHTED:
        return int(one != other)
    return abs(one - other) if disparity is Disparity.LINEAR else (one - other) ** 2
