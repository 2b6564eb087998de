"""How strong a consensus is in the bands that reports print, and how many lie within one step of the median."""

from collections.abc import Sequence

from sigforum.consensus.percentiles import exact_median
from sigforum.consensus.proportions import at_least

# The lowest percent of each band, and how it is printed.
BANDS = ((100, "100 %"), (90, "90 to 99 %"), (80, "80 to 89 %"))
BELOW = "under 80 %"
NEAR, NEAR_PERCENT = 1, 80


def strength_band(count: int, total: int) -> str | None:
    """The band of a share, in whole numbers: 89.9 % is 80 to 89 %; None of nobody.

    Grades by bands of agreement, unanimity apart: Lazarus et al., "A multinational Delphi consensus to end the COVID-19
    public health threat", Nature 611 (2022) 332-345; the bounds of ten percent are those most reports use.
    """
    if not total:
        return None
    return next((words for percent, words in BANDS if at_least(count, total, percent)), BELOW)


def within_one(ratings: Sequence[int]) -> int:
    """How many ratings lie within one step of the median, the median exact to the half.

    Source: Jünger et al., "Guidance on conducting and reporting Delphi studies (CREDES)", Palliative Medicine 31 (2017)
    684-706, among the definitions of consensus in use.
    """
    middle = exact_median(ratings)
    return sum(abs(rating - middle) <= NEAR for rating in ratings)


def is_near_median(ratings: Sequence[int]) -> bool | None:
    """Whether 80 % or more lie within one step of the median; None without ratings (same source)."""
    return at_least(within_one(ratings), len(ratings), NEAR_PERCENT) if len(ratings) else None


def describe_strength(band: str | None) -> str:
    """A plain readout: "agreement of 90 to 99 %"."""
    return f"agreement of {band}" if band else "nobody rated"
