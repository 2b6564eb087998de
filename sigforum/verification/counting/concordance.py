"""Kendall's W as a share of spread, and its p: of all rankings, by lot with dice of our own, or from the chi-square."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import erfc, exp, gamma, sqrt
from typing import Any

from sigforum.verification.counting.lots import by_lot
from sigforum.verification.matching import Near, Number, Words, rounded

# Another seed than the first computation has, so that agreement is none of the dice's.
SEED = 20_011
MOST_SHUFFLED, MOST_SHUFFLES, FEWEST_SHUFFLES = 400_000, 1999, 199
# Sums that an exact p may take; the program counts no more than a tenth of it.
MOST_COUNTED = 600_000
Rows = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Agreement:
    """What is published of how far rankings agree: the numbers, and those of the sentence."""

    extra: Mapping[str, Any]
    numbers: tuple[Number, ...]


def agreement(rows: Rows, published: Mapping[str, Any]) -> Agreement:
    """W is the spread between the options' sums of ranks, of all that there could be if everybody ranked alike.

    A p by lot cannot be repeated, only judged: it has to lie as near to ours as two honest draws do.
    Sources: Kendall and Babington Smith 1939; ties as in Kendall 1948; Friedman 1937 for the chi-square.
    """
    people, size = len(rows), len(rows[0]) if rows else 0
    ranks, mean = [_mid_ranks(row) for row in rows], size + 1
    within = sum((rank - mean) ** 2 for row in ranks for rank in row)
    if people < 2 or size < 2 or not within:
        return Agreement({"w": None, "p": None, "permutations": 0, "agreement": Words(()) if rows else ""}, ())
    w = Fraction(_between(ranks, mean), people * within)
    start: tuple[Number, ...] = (rounded(w, decimals=2), people)
    if published.get("p_method") == "exact":
        share = _p_of_all(ranks, mean)
        printed_p: Number = rounded(share, decimals=3) if share >= Fraction(1, 1000) else "0.001"
        numbers = (*start, printed_p)
        return Agreement({"w": w, "p": share, "p_method": "exact", "permutations": 0, "agreement": Words(numbers)},
                         numbers)
    shuffles = published.get("permutations")
    if isinstance(shuffles, int) and shuffles > 0:
        own = max(FEWEST_SHUFFLES, min(MOST_SHUFFLES, MOST_SHUFFLED // (people * size)))
        p = by_lot(_p_by_lot(ranks, mean, own), published=shuffles, own=own)
        numbers = (*start, rounded(_exact(published.get("p")), decimals=3), shuffles)
        return Agreement({"w": w, "p": p, "permutations": shuffles, "agreement": Words(numbers)}, numbers)
    chi_square = people * (size - 1) * w
    tail = Fraction(chi_square_tail(float(chi_square), size - 1))
    # Under a thousandth the page says so instead of printing zeros.
    printed: Number = rounded(tail, decimals=3) if tail >= Fraction(1, 1000) else "0.001"
    numbers = (*start, rounded(chi_square, decimals=2), size - 1, printed)
    return Agreement({"w": w, "p": Near(tail, Fraction(1, 10**9)), "permutations": 0, "agreement": Words(numbers)},
                     numbers)


def chi_square_tail(value: float, degrees: int) -> float:
    """How often a chi-square is that large: from one or two degrees up by Q(a + 1) = Q(a) + x^a e^-x / Γ(a + 1)."""
    x = value / 2
    shape, found = (1.0, exp(-x)) if degrees % 2 == 0 else (0.5, erfc(sqrt(x)))
    term = x**shape * exp(-x) / gamma(shape + 1)
    while shape < degrees / 2:
        found += term
        shape += 1
        term *= x / shape
    return min(1.0, found)


def _exact(value: Any) -> Fraction:
    return Fraction(str(value)) if isinstance(value, int | float) else Fraction(-1)


def _mid_ranks(row: Sequence[int]) -> list[int]:
    """Twice the mean of the places that equal ranks fill, so that it is whole."""
    return [2 * sum(other < one for other in row) + row.count(one) + 1 for one in row]


def _between(ranks: Rows, mean: int) -> int:
    return sum((sum(column) - len(ranks) * mean) ** 2 for column in zip(*ranks, strict=True))


def _p_of_all(ranks: Rows, mean: int) -> Fraction:
    """The share of all rankings that spread the sums as far: how far the sums lie from their mean is carried from one
    person to the next, and which option has which sum does not matter."""
    found, apart, work = _between(ranks, mean), {tuple(sorted(rank - mean for rank in ranks[0])): 1}, 0
    for row in ranks[1:]:
        nearer: Counter[tuple[int, ...]] = Counter()
        for order in _orders(Counter(rank - mean for rank in row)):
            work += len(apart)
            if work > MOST_COUNTED:
                raise ValueError("these are too many rankings for an exact p")
            for sums, many in apart.items():
                nearer[tuple(sorted(one + other for one, other in zip(sums, order, strict=True)))] += many
        apart = dict(nearer)
    as_far = sum(many for sums, many in apart.items() if sum(one * one for one in sums) >= found)
    return Fraction(as_far, sum(apart.values()))


def _orders(left: "Counter[int]") -> Iterator[tuple[int, ...]]:
    """Every order of some numbers, equal ones not told apart: whichever of them comes first, and all orders of the
    rest."""
    if not left:
        yield ()
    for number in list(left):
        yield from ((number, *rest) for rest in _orders(left - Counter((number,))))


def _p_by_lot(ranks: Rows, mean: int, shuffles: int) -> Fraction:
    dice, found = random.Random(SEED), _between(ranks, mean)
    as_large = sum(_between([dice.sample(row, len(row)) for row in ranks], mean) >= found for _ in range(shuffles))
    return Fraction(1 + as_large, 1 + shuffles)
