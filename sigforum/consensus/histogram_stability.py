"""Scheibe's stability: how much of a panel's histogram changed its place between two rounds."""

from collections import Counter
from collections.abc import Hashable, Sequence

from sigforum.consensus.proportions import Proportion, percent_text

# Scheibe, Skutsch and Schofer take fewer than 15 % for stable; 15 % itself is not.
STABLE_UNDER_PERCENT = 15


def histogram_shift(earlier: Sequence[Hashable], later: Sequence[Hashable]) -> Proportion:
    """The smallest number of people who must have moved to turn one histogram into the other, of all people.

    Both rows are of the same people, one answer each; raises ValueError for different lengths. It is half the sum of
    the absolute differences of the bars. Source: Scheibe, Skutsch and Schofer, "Experiments in Delphi methodology", in
    Linstone and Turoff, "The Delphi method" (1975) 262-287.
    """
    if len(earlier) != len(later):
        raise ValueError("both rounds hold the same people")
    gone = Counter(earlier) - Counter(later)
    return Proportion(gone.total(), len(earlier))


def is_below_scheibe(shift: Proportion) -> bool:
    """Whether the shift is under 15 %, in whole numbers; a histogram of nobody is not."""
    return shift.total > 0 and 100 * shift.count < STABLE_UNDER_PERCENT * shift.total


def describe_shift(shift: Proportion) -> str:
    """A plain readout: "the histogram shifted by 33.3 % (4 of 12); under 15 % is Scheibe's mark for stability"."""
    if not shift.total:
        return "nobody answered in both rounds"
    return (f"the histogram shifted by {percent_text(shift.count, shift.total)} ({shift.count} of {shift.total}); "
            f"under {STABLE_UNDER_PERCENT} % is Scheibe's mark for stability")
