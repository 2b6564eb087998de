"""The chance that a chi-square variable is at least as large as some value."""

from itertools import count
from math import exp, lgamma, log

PRECISE = 1e-17


def p_text(p: float) -> str:
    """A p as people write it: three decimals, and never 0."""
    return f"{p:.3f}" if p >= 0.001 else "under 0.001"


def chi_square_tail(value: float, degrees: int) -> float:
    """P(chi-square with `degrees` of freedom >= value); raises ValueError under one degree.

    The upper incomplete gamma function, as its series below its peak and as a continued fraction above. Source:
    Abramowitz and Stegun, "Handbook of mathematical functions" (1964), 26.4.1, 6.5.29 and 6.5.31; evaluated by Lentz,
    Applied Optics 15 (1976) 668-671.
    """
    if degrees < 1:
        raise ValueError(f"a chi-square needs at least one degree of freedom, not {degrees}")
    if value <= 0:
        return 1.0
    shape, half = degrees / 2, value / 2
    scale = exp(shape * log(half) - half - lgamma(shape))
    return 1 - scale * _series(shape, half) if half < shape + 1 else scale * _fraction(shape, half)


def _series(shape: float, half: float) -> float:
    term = total = 1 / shape
    for step in count(1):
        term *= half / (shape + step)
        total += term
        if term < total * PRECISE:
            break
    return total


def _fraction(shape: float, half: float) -> float:
    lower = half + 1 - shape
    upper, below = 1e300, 1 / lower
    found = below
    for step in count(1):
        factor = step * (shape - step)
        lower += 2
        below = 1 / (factor * below + lower)
        upper = lower + factor / upper
        change = below * upper
        found *= change
        if abs(change - 1) < 1e-16 or step > 10_000:
            break
    return found
