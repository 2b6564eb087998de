"""How far two draws of one share by lot may lie apart before somebody must have changed a number."""

from fractions import Fraction
from math import sqrt

from sigforum.verification.matching import Near

# Six standard errors: an honest draw falls outside once in hundreds of millions.
STANDARD_ERRORS = 6
# A share that was hit fewer times is spread like one that was hit so often.
FEWEST_HITS = 6


def by_lot(drawn: Fraction, *, published: int, own: int) -> Near:
    """The share that was drawn here in `own` draws, as a match for one that was published from `published` draws."""
    least = Fraction(FEWEST_HITS, FEWEST_HITS + min(published, own))
    likely = float(min(max(drawn, least), 1 - least)) if least < Fraction(1, 2) else 0.5
    error = STANDARD_ERRORS * sqrt(likely * (1 - likely) * (1 / published + 1 / own))
    return Near(drawn, Fraction(error) + Fraction(1, 1 + published) + Fraction(1, 1 + own))


def mean_by_lot(drawn: Fraction, *, published: float, own: float) -> Near:
    """The same for the mean of numbers from 0 to 1, whose spread is at most one half."""
    return Near(drawn, Fraction(STANDARD_ERRORS * 0.5 * sqrt(1 / published + 1 / own)))
