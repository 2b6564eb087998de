"""How far ratings lie together: van der Eijk's A, Tastle and Wierman's consensus, quartile variation."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from sigforum.verification.exact import QUARTER, quantile
from sigforum.verification.matching import Words, rounded

_DIGITS = 40


def spread(steps: Sequence[int], ratings: Sequence[int]) -> dict[str, Any]:
    """The three measures of a distribution; `steps` has the people on each point of the scale, in order."""
    if not ratings:
        return {"agreement_a": None, "tastle_wierman": None, "cqv": None, "spread_words": Words(())}
    agreement, nearness = agreement_a(steps), consensus(steps)
    low, high = quantile(ratings, QUARTER), quantile(ratings, 3 * QUARTER)
    return {"agreement_a": agreement, "tastle_wierman": nearness, "cqv": (high - low) / (high + low) if high else None,
            "spread_words": Words((rounded(abs(agreement), decimals=2), 1, 0, 1, rounded(nearness, decimals=2), 1, 0))}


def agreement_a(steps: Sequence[int]) -> Fraction:
    """Layer by layer, each one person high; triples are counted from the middle outwards. Source: van der Eijk,
    Quality & Quantity 35 (2001) 325-341."""
    whole = Fraction(0)
    for height in range(1, max(steps) + 1):
        layer = [people >= height for people in steps]
        whole += sum(layer) * _layer(layer)
    return whole / sum(steps)


def _layer(layer: Sequence[bool]) -> Fraction:
    points, inside, peaks, valleys = len(layer), sum(layer), 0, 0
    for place, is_in in enumerate(layer):
        left, right = sum(layer[:place]), sum(layer[place + 1:])
        if is_in:
            peaks += left * (points - place - 1 - right) + (place - left) * right
        else:
            valleys += left * right
    shape = Fraction(1)
    if peaks + valleys:
        shape = Fraction((points - 2) * peaks - (points - 1) * valleys, (points - 2) * (peaks + valleys))
    return shape * Fraction(points - inside, points - 1)


def consensus(steps: Sequence[int]) -> Fraction:
    """1 + Σ p log2(1 - |x - mean|/width), in long decimals. Source: Tastle and Wierman, International Journal of
    Approximate Reasoning 45 (2007) 531-545."""
    people, width = sum(steps), len(steps) - 1
    mean = Fraction(sum(place * many for place, many in enumerate(steps)), people)
    with localcontext() as context:
        context.prec = _DIGITS
        found = Decimal(1)
        for place, many in enumerate(steps):
            if many:
                near = 1 - abs(place - mean) / width
                found += Decimal(many) / people * (Decimal(near.numerator) / near.denominator).ln() / Decimal(2).ln()
    return Fraction(found)


def is_split(steps: Mapping[int, int], *, low_to: int, high_from: int) -> bool | None:
    """RAND/UCLA's disagreement by the size of a panel: both outer thirds hold a third of n + 1 or more. None under
    eight ratings, for which the method says nothing."""
    people = sum(steps.values())
    if people < 8:
        return None
    low = sum(many for step, many in steps.items() if step <= low_to)
    high = sum(many for step, many in steps.items() if step >= high_from)
    return min(low, high) >= (people + 1) // 3
