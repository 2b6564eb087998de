"""How many people gave each rating of the scale, the empty ratings included."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sigforum.consensus.percentiles import Number
from sigforum.consensus.scale import Scale


@dataclass(frozen=True)
class Bar:
    """One rating of the scale and the number of people who gave it."""

    rating: int
    count: int


def histogram(ratings: Sequence[int], *, scale: Scale) -> tuple[Bar, ...]:
    """One bar for every point of the scale from its lowest to its highest, zeros included.

    Source: Tukey, "Exploratory data analysis" (1977): show the whole distribution before any one number of
    it. Raises ValueError for a rating outside the scale.
    """
    counts = Counter(ratings)
    strays = sorted(rating for rating in counts if not scale.contains(rating))
    if strays:
        raise ValueError(f"rating {strays[0]} is not on the scale {scale}")
    return tuple(Bar(rating, counts[rating]) for rating in range(scale.minimum, scale.maximum + 1))


def describe_distribution(bars: Sequence[Bar]) -> str:
    """A readout for people who cannot see the chart: "3 rated 8, 1 rated 2", highest rating first."""
    given = [bar for bar in sorted(bars, key=lambda bar: -bar.rating) if bar.count]
    return ", ".join(f"{bar.count} rated {bar.rating}" for bar in given) or "nobody has rated"


def exact_counts(counts: Sequence[Number]) -> tuple[int | Fraction, ...]:
    """The counts of an ordered scale as exact numbers, for measures of the whole distribution.

    Published tables give shares with decimals; 2.4 is read as twenty-four tenths. Raises ValueError for fewer than two
    points, a negative count, or nobody at all.
    """
    exact = tuple(count if isinstance(count, int) else Fraction(count).limit_denominator(1_000_000)
                  for count in counts)
    if len(exact) < 2:
        raise ValueError("a scale needs at least two points")
    if min(exact) < 0:
        raise ValueError("a count of people cannot be negative")
    if not any(exact):
        raise ValueError("a distribution needs at least one person")
    return exact
