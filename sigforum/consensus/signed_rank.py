"""Wilcoxon's signed-rank test: whether people moved further one way than the other between two rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import erfc, sqrt

from sigforum.consensus.chi_square import p_text
from sigforum.consensus.mid_ranks import doubled_mid_ranks, tie_correction
from sigforum.consensus.percentiles import Number

# Counting every way of giving signs is quick up to here; further up the normal curve is as good.
EXACT_UP_TO = 200


@dataclass(frozen=True)
class SignedRank:
    """`up` and `down` are the sums of ranks of those who rose and sank, `moved` how many did either.

    `p` is two-sided, `p_up` that of a rise; both None where nobody moved.
    """

    up: float
    down: float
    moved: int
    p: float | None
    p_up: float | None
    method: str

    @property
    def statistic(self) -> float:
        """The smaller of the two sums."""
        return min(self.up, self.down)


def signed_rank(earlier: Sequence[Number], later: Sequence[Number]) -> SignedRank:
    """The test of pairs, one a person: those who stayed are left out, equal steps share the mean of their ranks.

    Up to 200 who moved, p counts all ways of giving signs to the ranks found, ties included; above, it is the normal
    approximation with corrections for ties and continuity. Numbers with decimals are compared as decimals, so that
    two steps of 0.1 are equal. Raises ValueError for different lengths. Source: Wilcoxon, "Individual comparisons by
    ranking methods", Biometrics Bulletin 1 (1945) 80-83; exact with ties: Lehmann, "Nonparametrics" (1975),
    chapter 3.
    """
    steps = [_decimal(after) - _decimal(before) for before, after in zip(earlier, later, strict=True)]
    steps = [step for step in steps if step]
    sizes = [abs(step) for step in steps]
    ranks = doubled_mid_ranks(sizes)
    up = sum(rank for rank, step in zip(ranks, steps, strict=True) if step > 0)
    down = sum(ranks) - up
    if not steps:
        return SignedRank(0, 0, 0, None, None, "nobody moved")
    if len(steps) <= EXACT_UP_TO:
        method, p, p_up = "exact, ties counted", 2 * _tail(ranks, min(up, down)), _tail(ranks, down)
    else:
        method = "normal approximation, corrected for ties and continuity"
        variance = (len(steps) * (len(steps) + 1) * (2 * len(steps) + 1) - tie_correction(sizes) / 2) / 24
        p, p_up = 2 * _normal(abs(up - down), variance), _normal(up - down, variance)
    return SignedRank(up=up / 2, down=down / 2, moved=len(steps), p=min(1.0, p), p_up=p_up, method=method)


def describe_signed_rank(found: SignedRank) -> str:
    """A plain readout that claims no more than the test does; it never takes a large p for stability."""
    if found.p is None:
        return "nobody moved"
    way = "up" if found.up > found.down else "down" if found.down > found.up else "neither way"
    return (f"{found.moved} moved, on the whole {way} (Wilcoxon signed-rank p {p_text(found.p)}, {found.method}); "
            "the test asks about a common direction only, and a large p shows no stability")


def _decimal(value: Number) -> Fraction:
    return Fraction(value).limit_denominator(1_000_000_000)


def _tail(ranks: Sequence[int], most: int) -> float:
    """The share of all ways of giving signs in which the ranks of one sign sum to `most` or less.

    The ways are coefficients of the product of (1 + x^rank). They lie side by side in one long number, wide enough
    that none can spill over.
    """
    width = 8 * (len(ranks) // 8 + 1)
    ways = 1
    for rank in ranks:
        ways += ways << (rank * width)
    low = ways & ((1 << ((most + 1) * width)) - 1)
    found = low.to_bytes((most + 1) * width // 8, "little")
    step = width // 8
    counted = sum(int.from_bytes(found[at:at + step], "little") for at in range(0, len(found), step))
    return float(Fraction(counted, 2**len(ranks)))


def _normal(doubled_difference: float, variance: float) -> float:
    # The doubled sums differ by four times the distance from the mean; half a rank is taken off for continuity.
    return erfc((doubled_difference / 4 - 0.5) / sqrt(2 * variance)) / 2
