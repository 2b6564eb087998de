"""The arithmetic of a recount, in whole numbers, fractions and long decimals: no binary float decides anything."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import count

from sigforum.verification.matching import Number, rounded

# The two-sided 95 % quantile of the normal distribution.
Z = Decimal("1.95996398454005423552")
_DIGITS = 50
HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
CONVENTIONS = ("linear", "lower", "higher", "nearest-rank")


def at_rank(counts: Mapping[Fraction, int], rank: int) -> Fraction:
    """The value that stands on a rank, from 1, found by adding up the counts of the values below."""
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= rank:
            return value
    raise ValueError(f"rank {rank} of {seen}")


def quantile(values: Sequence[Fraction | int], share: Fraction, *, convention: str = "linear") -> Fraction:
    """The quantile under one of the four conventions of docs/consensus-rules.md."""
    counts = Counter(Fraction(value) for value in values)
    total = sum(counts.values())
    if convention not in CONVENTIONS:
        raise ValueError(f"unknown convention {convention!r}")
    if convention == "nearest-rank":
        return at_rank(counts, max(1, -(-total * share.numerator // share.denominator)))
    place = (total - 1) * share
    whole = place.numerator // place.denominator
    below = at_rank(counts, whole + 1)
    if place == whole or convention == "lower":
        return below
    above = at_rank(counts, whole + 2)
    return above if convention == "higher" else below * (1 - (place - whole)) + above * (place - whole)


def median(values: Sequence[Fraction | int]) -> Fraction:
    """The middle value, or the mean of the two in the middle."""
    return quantile(values, HALF)


def middle_half(values: Sequence[Fraction | int], *, convention: str = "linear") -> Fraction:
    """The interquartile range."""
    return quantile(values, 3 * QUARTER, convention=convention) - quantile(values, QUARTER, convention=convention)


def interval(count_: int, total: int) -> tuple[Fraction, Fraction] | None:
    """The Wilson interval of a share: the two shares p for which the count found lies just at the edge of what they
    let expect, (count/n - p)² = z² p (1 - p)/n, solved as a quadratic equation with fifty digits."""
    if not total:
        return None
    with localcontext() as context:
        context.prec = _DIGITS
        n, found, z2 = Decimal(total), Decimal(count_) / total, Z * Z
        a, b, c = n + z2, -(2 * n * found + z2), n * found * found
        root = max(Decimal(0), b * b - 4 * a * c).sqrt()
        low, high = (-b - root) / (2 * a), (-b + root) / (2 * a)
    # At the ends the exact roots are 0 and 1.
    return (Fraction(0) if count_ == 0 else Fraction(low)), (Fraction(1) if count_ == total else Fraction(high))


def percent(count_: int, total: int) -> Fraction | None:
    """The share in percent, None of nobody."""
    return Fraction(100 * count_, total) if total else None


def percent_words(count_: int, total: int) -> str:
    """The number that a page prints: one decimal, or as many as it takes not to round onto a whole percent that was
    not reached."""
    with localcontext() as context:
        context.prec = _DIGITS
        share = Decimal(100 * count_) / total
        for decimals in count(1):
            text = share.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
            if text != text.to_integral_value() or 100 * count_ % total == 0:
                return str(text)
    raise AssertionError("some number of decimals is enough")


def share_numbers(count_: int, total: int) -> tuple[Number, ...]:
    """The numbers of a share in a sentence: 7 of 10 (70.0 %, 95 % interval 39.7 to 89.2 %)."""
    bounds = interval(count_, total)
    if bounds is None:
        return (0, 0)
    return (count_, total, percent_words(count_, total), 95,
            *(rounded(100 * bound, decimals=1) for bound in bounds))


def plain_share_numbers(count_: int, total: int) -> tuple[Number, ...]:
    """The numbers of a share without an interval: 7 of 10 (70.0 %)."""
    return (count_, total, percent_words(count_, total)) if total else (0, 0)


def thirds(lowest: int, highest: int) -> tuple[int, int]:
    """The last step of the lower and the first of the upper third: a third of the points, rounded to the nearest."""
    points = highest - lowest + 1
    size = max(1, int(Fraction(points, 3) + HALF))
    return lowest + size - 1, highest - size + 1
