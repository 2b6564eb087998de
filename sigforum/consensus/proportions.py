"""Shares of people: a count of a total, compared in whole numbers and shown with a Wilson interval."""

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True)
class Proportion:
    """`count` of `total` people; raises ValueError when the count does not fit into the total."""

    count: int
    total: int

    def __post_init__(self) -> None:
        _check(self.count, self.total)

    @property
    def percent(self) -> float | None:
        """The share in percent for display, or None when there is nobody to be a share of."""
        return 100 * self.count / self.total if self.total else None

    def interval(self, *, confidence: float = 0.95) -> tuple[float, float] | None:
        """The Wilson interval as shares from 0 to 1, or None when there is nobody to be a share of."""
        return wilson_interval(self.count, self.total, confidence=confidence) if self.total else None


# Judging leaves people out one by one, and most of them leave the same counts behind.
@lru_cache(maxsize=4096)
def wilson_interval(count: int, total: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of a proportion, as two shares from 0 to 1.

    With p = count/total and z the two-sided normal quantile, the bounds are (p + z²/2n ± z·sqrt(p(1-p)/n +
    z²/4n²)) / (1 + z²/n). Source: Wilson, "Probable inference, the law of succession, and statistical
    inference", JASA 22 (1927) 209-212. Raises ValueError when total is 0 (there is no share of nobody) or
    when confidence is not between 0 and 1.
    """
    _check(count, total)
    if total == 0:
        raise ValueError("an interval needs at least one person")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = count / total
    centre = share + z * z / (2 * total)
    margin = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    # At the two ends the formula is exactly 0 and 1; rounding would leave 2.8e-17, which is more than none.
    low = 0.0 if count == 0 else max(0.0, (centre - margin) / scale)
    high = 1.0 if count == total else min(1.0, (centre + margin) / scale)
    return low, high


def at_least(count: int, total: int, percent: int) -> bool:
    """Whether count is `percent` or more of total, compared in whole numbers so that no rounding can
    decide.

    A share of nobody is never at least anything. Source of the need: 0.7 * 10 is not 7 in binary floating
    point (Goldberg, "What every computer scientist should know about floating-point arithmetic", 1991).
    """
    _check(count, total)
    return total > 0 and 100 * count >= percent * total


def below(count: int, total: int, percent: int) -> bool:
    """Whether count is strictly less than `percent` of total, in whole numbers; a share of nobody is below
    nothing.

    Source of the strict bound: the "less than 15 %" of Williamson et al., "The COMET Handbook", Trials 18
    (2017) 280.
    """
    _check(count, total)
    return total > 0 and 100 * count < percent * total


def percent_text(count: int, total: int) -> str:
    """The share as text with one decimal, or more where one decimal would round onto a whole percent it is
    not.

    1399 of 2000 prints as "69.95 %" and never as "70.0 %", because a reader would take that for a reached
    threshold. Raises ValueError when total is 0.
    """
    _check(count, total)
    if total == 0:
        raise ValueError("a percentage needs at least one person")
    is_whole = (100 * count) % total == 0
    decimals = 1
    while True:
        unit: int = 10**decimals
        rounded = (200 * count * unit + total) // (2 * total)
        if is_whole or rounded % unit != 0:
            return f"{rounded // unit}.{rounded % unit:0{decimals}d} %"
        decimals += 1


@lru_cache(maxsize=4096)
def describe_proportion(proportion: Proportion) -> str:
    """A plain readout with n/N and the 95 % interval: "7 of 10 (70.0 %, 95 % interval 39.7 to 89.2 %)"."""
    interval = proportion.interval()
    if interval is None:
        return "0 of 0"
    low, high = interval
    share = percent_text(proportion.count, proportion.total)
    return (
        f"{proportion.count} of {proportion.total} "
        f"({share}, 95 % interval {100 * low:.1f} to {100 * high:.1f} %)"
    )


AS_IF = "Intervals are as if the panel were a random sample of a larger one."


def describe_share(count: int, total: int) -> str:
    """A share with n/N and no interval, as a motion or an election has it: "7 of 10 (70.0 %)"."""
    return f"{count} of {total} ({percent_text(count, total)})" if total else "0 of 0"


def _check(count: int, total: int) -> None:
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is not a proportion")
