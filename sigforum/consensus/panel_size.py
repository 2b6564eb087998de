"""How many ratings outside a region, and in both extremes, RAND/UCLA allows a panel of a given size."""

from collections.abc import Sequence
from dataclasses import dataclass

from sigforum.consensus.counted_panel import CountedRatings

SMALLEST_PUBLISHED_PANEL = 8
LARGEST_PUBLISHED_PANEL = 16


@dataclass(frozen=True)
class PanelSizeLimits:
    """Agreement allows at most `agreement_max_outside` ratings outside the median's region; disagreement
    needs at least
    `disagreement_min_each_extreme` ratings in the lowest and also in the highest region."""

    agreement_max_outside: int
    disagreement_min_each_extreme: int


def panel_size_limits(people: int) -> PanelSizeLimits:
    """The limits for a panel of this many raters: k = floor((n - 2) / 3) outside, k + 1 in each extreme.

    The formula gives every row of the published table (2 and 3 for 8-10 people, 3 and 4 for 11-13, 4 and 5
    for 14-16) and its agreement column for 17 to 25 people; other sizes are our continuation of it. Source:
    Fitch et al., "The RAND/UCLA Appropriateness Method User's Manual" (2001); table as in BMC Med Inform
    Decis Mak 12 (2012) 93, table 7, extended in PMC5966219, table 4. Raises ValueError under two people.
    """
    if people < 2:
        raise ValueError(f"agreement needs at least two people, not {people}")
    outside = (people - 2) // 3
    return PanelSizeLimits(agreement_max_outside=outside, disagreement_min_each_extreme=outside + 1)


def is_published_size(people: int) -> bool:
    """Whether the published table has a disagreement row for a panel of this size."""
    return SMALLEST_PUBLISHED_PANEL <= people <= LARGEST_PUBLISHED_PANEL


def has_disagreement(ratings: Sequence[int], *, low_to: int = 3, high_from: int = 7) -> bool:
    """Whether both extreme regions hold the minimum for this panel (Fitch et al. 2001); errors as above."""
    needed = panel_size_limits(len(ratings)).disagreement_min_each_extreme
    if isinstance(ratings, CountedRatings):
        low, high = ratings.up_to(low_to), len(ratings) - ratings.up_to(high_from - 1)
    else:
        low, high = sum(rating <= low_to for rating in ratings), sum(rating >= high_from for rating in ratings)
    return low >= needed and high >= needed


def describe_panel_size(people: int) -> str:
    """A readout: "for 12 people, at most 3 outside the region; disagreement from 4 in each extreme"."""
    limits = panel_size_limits(people)
    return (
        f"for {people} people, at most {limits.agreement_max_outside} outside the region; "
        f"disagreement from {limits.disagreement_min_each_extreme} in each extreme"
    )
