"""Comparisons over all weightings of their criteria, drawn by lot in whole numbers and with dice of our own."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

SEED, DRAWS = 20_012, 4_000
# Weights are whole numbers that sum to this, so that options that are level are exactly level.
WHOLE = 2**48


@dataclass(frozen=True, kw_only=True)
class Leads:
    """By option, the share of weightings under which it leads, and the mean of these weightings."""

    shares: Mapping[str, Fraction]
    central: Mapping[str, tuple[Fraction, ...]]


def leads(medians: Mapping[str, Sequence[Fraction]]) -> Leads:
    """Weights are the gaps between sorted random places, which are spread evenly over all that sum to one. Options
    that are level share the draw. Source: Lahdelma, Hokkanen and Salminen 1998 (SMAA)."""
    dice, size = random.Random(SEED), len(next(iter(medians.values())))
    # Medians are whole or halves.
    rows = {key: [int(2 * median) for median in row] for key, row in medians.items()}
    shares = dict.fromkeys(rows, Fraction(0))
    middle = {key: [Fraction(0)] * size for key in rows}
    for _ in range(DRAWS):
        edges = [0, *sorted(dice.randrange(WHOLE + 1) for _ in range(size - 1)), WHOLE]
        weights = [high - low for low, high in pairwise(edges)]
        totals = {key: sum(map(int.__mul__, row, weights)) for key, row in rows.items()}
        most = max(totals.values())
        leaders = [key for key, total in totals.items() if total == most]
        for key in leaders:
            shares[key] += Fraction(1, len(leaders))
            for place, weight in enumerate(weights):
                middle[key][place] += Fraction(weight, WHOLE * len(leaders))
    return Leads(shares={key: share / DRAWS for key, share in shares.items()},
                 central={key: tuple(part / shares[key] for part in middle[key]) for key in rows if shares[key]})
