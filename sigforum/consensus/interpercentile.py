"""IPRAS: whether ratings from 1 to 9 spread wider than their distance from the middle of the scale allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from sigforum.consensus.counted_panel import CountedRatings
from sigforum.consensus.percentiles import QuantileConvention, exact_quantile, number_text

RANGE_AT_CENTRE = Fraction(235, 100)
ASYMMETRY_FACTOR = Fraction(3, 2)
CENTRE = 5
LOW_SHARE, HIGH_SHARE = Fraction(3, 10), Fraction(7, 10)


@dataclass(frozen=True)
class InterpercentileRange:
    """The 30th and 70th percentile and what follows, kept exact so that the comparison cannot round."""

    p30: Fraction
    p70: Fraction
    convention: QuantileConvention

    @cached_property
    def width(self) -> Fraction:
        """IPR = p70 - p30."""
        return self.p70 - self.p30

    @cached_property
    def centre(self) -> Fraction:
        """IPRCP = (p30 + p70) / 2, the central point of the range."""
        return (self.p30 + self.p70) / 2

    @cached_property
    def asymmetry(self) -> Fraction:
        """AI = |5 - IPRCP|, the asymmetry index."""
        return abs(CENTRE - self.centre)

    @cached_property
    def allowed_width(self) -> Fraction:
        """IPRAS = 2.35 + 1.5 · AI, the range adjusted for symmetry."""
        return RANGE_AT_CENTRE + ASYMMETRY_FACTOR * self.asymmetry

    @property
    def disagreement_index(self) -> Fraction:
        """IPR / IPRAS: above 1 is disagreement, and the further above or below, the clearer.

        Source: the disagreement index as BIOMED and RAND panels report it, Fitch et al. (2001), chapter 8; used so in
        Choosing Wisely and BMJ Open 2 (2012) e001431.
        """
        return self.width / self.allowed_width

    @property
    def is_disagreement(self) -> bool:
        """Whether IPR > IPRAS."""
        return self.width > self.allowed_width

    @cached_property
    def figures(self) -> dict[str, object]:
        """The numbers under their published names, for a verdict."""
        return {
            "p30": float(self.p30),
            "p70": float(self.p70),
            "ipr": float(self.width),
            "iprcp": float(self.centre),
            "asymmetry_index": float(self.asymmetry),
            "ipras": float(self.allowed_width),
        }


def interpercentile_range(
    ratings: Sequence[int], *, convention: QuantileConvention | str = QuantileConvention.LINEAR
) -> InterpercentileRange:
    """The interpercentile range of ratings on a scale from 1 to 9, under a named percentile convention.

    Source: Fitch et al., "The RAND/UCLA Appropriateness Method User's Manual" (2001), IPRAS; worked example
    in BMJ Open 2 (2012) e001431, table 1, whose printed constant 2.5 does not give its own result 6.1,
    while the manual's 2.35 does. Raises ValueError for no ratings, a rating outside 1 to 9 or an unknown
    convention.
    """
    ends = (ratings[0], ratings[len(ratings) - 1]) if ratings and isinstance(ratings, CountedRatings) else set(ratings)
    strays = [rating for rating in ends if not 1 <= rating <= 9]
    if strays:
        raise ValueError(f"IPRAS is defined for ratings from 1 to 9, not {strays[0]}")
    chosen = QuantileConvention(convention)
    return _range(exact_quantile(ratings, LOW_SHARE, convention=chosen),
                  exact_quantile(ratings, HIGH_SHARE, convention=chosen), chosen)


# Leaving people out one by one asks for the same few ranges again and again.
@lru_cache(maxsize=512)
def _range(p30: Fraction, p70: Fraction, convention: QuantileConvention) -> InterpercentileRange:
    return InterpercentileRange(p30=p30, p70=p70, convention=convention)


def describe_interpercentile(spread: InterpercentileRange) -> str:
    """A plain readout: "the middle 40 % spans 1 (from 7 to 8), where up to 6.1 is allowed"."""
    return (
        f"the middle 40 % spans {number_text(spread.width)} (from {number_text(spread.p30)} to "
        f"{number_text(spread.p70)}), where up to {number_text(spread.allowed_width)} is allowed"
    )
