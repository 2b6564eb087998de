"""Kendall's W: how far the people who rank agree with each other, from 0 to 1, corrected for ties."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import factorial, prod
from operator import add

from sigforum.consensus.chi_square import p_text
from sigforum.consensus.mid_ranks import doubled_mid_ranks, tie_correction
from sigforum.kernel.breathing import breathe
from sigforum.kernel.words import number_of

PERMUTATIONS = 999
SEED = 1939
# Ranks that a shuffle moves; this many take about a second for all permutations.
MOST_SHUFFLED = 4_000
# Sums of ranks that counting every ranking may look at, about a second.
MOST_COUNTED = 400_000
ORDERS_BETWEEN_RESTS = 500


@dataclass(frozen=True)
class Concordance:
    """`w` and `p` are None where there is nothing to agree on: one ranker, one option, or only ties.

    `p` is the share of `permutations` random rankings, and of the one found, that agree at least as much; where
    `is_exact`, it is the share of all rankings there are.
    """

    w: float | None
    p: float | None
    raters: int
    options: int
    permutations: int
    is_exact: bool = False

    @property
    def chi_square(self) -> float | None:
        """Friedman's statistic, raters x (options - 1) x W."""
        return None if self.w is None else self.raters * (self.options - 1) * self.w


def concordance(
    rows: Sequence[Sequence[float]], *, permutations: int = PERMUTATIONS, seed: int = SEED,
    most_counted: int = MOST_COUNTED
) -> Concordance:
    """Kendall's W of some raters, each a row with a rank or score for every option.

    With R the sums of mid-ranks, S their squared deviations and T the sum of t^3 - t over every group of t
    ties, W = 12 S / (m^2 (n^3 - n) - m T). In a small panel p counts every way in which each row could have been
    given, the first one fixed: (n!)^(m - 1) of them. Where these are more than `most_counted` lets it look at, it
    shuffles each row on its own and counts (1 + as large) / (1 + all), so it is never 0; the seed and the sorting of
    rows make it repeatable in any order of ballots. Without `permutations` there is no p. Raises ValueError for rows
    of different lengths. Sources: Kendall and Babington Smith, "The problem of m
    rankings", Annals of Mathematical Statistics 10 (1939) 275-287; Kendall, "Rank correlation methods" (1948)
    for ties and the exact distribution; Phipson and Smyth, Statistical Applications in Genetics and Molecular
    Biology 9 (2010) 39 for p by permutations.
    """
    if len({len(row) for row in rows}) > 1:
        raise ValueError("every rater ranks the same options")
    ways = Counter(map(tuple, rows))
    ranked = tuple(sorted((doubled_mid_ranks(row), count) for row, count in ways.items()))
    return _concordance(ranked, permutations, seed, most_counted)


def permutations_for(raters: int, options: int) -> int:
    """How many shuffles are worth their time: for an electorate the chi-square of Friedman's test says the same."""
    return PERMUTATIONS if raters * options <= MOST_SHUFFLED else 0


def describe_concordance(found: Concordance) -> str:
    """A plain readout: "Kendall's W 0.54 among 3 people (p 0.015, 999 permutations)"."""
    if found.w is None:
        return "Kendall's W cannot be given: it takes two people who rank, two options and some difference."
    text = f"Kendall's W {found.w:.2f} among {number_of(found.raters, 'person', 'people')}"
    if found.p is None:
        return text
    way = "all rankings counted" if found.is_exact else f"{found.permutations} permutations"
    return f"{text} (p {p_text(found.p) if found.is_exact else f'{found.p:.3f}'}, {way})"


# A live tally asks again for each audience; the shuffles are the same every time.
@lru_cache(maxsize=64)
def _concordance(ways: tuple[tuple[tuple[int, ...], int], ...], permutations: int, seed: int, most_counted: int
                 ) -> Concordance:
    raters, options = sum(count for _, count in ways), len(ways[0][0]) if ways else 0
    ties = sum(count * tie_correction(row) for row, count in ways)
    scale = raters**2 * (options**3 - options) - raters * ties
    if raters < 2 or options < 2 or scale == 0:
        return Concordance(w=None, p=None, raters=raters, options=options, permutations=0)
    mean = raters * (options + 1)
    sums = [0] * options
    for row, count in ways:
        sums = [total + count * rank for total, rank in zip(sums, row, strict=True)]
    found = sum((total - mean) ** 2 for total in sums)
    # The doubled ranks make S four times as large.
    w = float(Fraction(3 * found, scale))
    if not permutations:
        return Concordance(w=w, p=None, raters=raters, options=options, permutations=0)
    rows = [row for row, count in ways for _ in range(count)]
    exact = _exact_p(rows, found, mean, most_counted) if most_counted else None
    if exact is not None:
        return Concordance(w=w, p=float(exact), raters=raters, options=options, permutations=0, is_exact=True)
    return Concordance(w=w, p=_shuffled_p(rows, found, mean, permutations, seed), raters=raters, options=options,
                       permutations=permutations)


def _shuffled_p(rows: Sequence[Sequence[int]], found: int, mean: int, permutations: int, seed: int) -> float:
    dice = random.Random(seed)
    shuffled = [list(row) for row in rows]
    as_large = 0
    for _ in range(permutations):
        for row in shuffled:
            # A sort by random keys is as fair as a shuffle, and three times as fast.
            row.sort(key=lambda _: dice.random())
        breathe()
        as_large += sum((sum(column) - mean) ** 2 for column in zip(*shuffled, strict=True)) >= found
    return (1 + as_large) / (1 + permutations)


def _exact_p(rows: Sequence[Sequence[int]], found: int, mean: int, most_counted: int) -> Fraction | None:
    """The share of all rankings that agree as much or more; None where there are too many to count.

    Only the sums of ranks matter, and not which option has which: rankings that come to the same sums in another
    order are carried on as one. How many there are to look at is known before any of them is made.
    """
    ways = [_arrangements_of(row) for row in rows[1:]]
    if sum(ways) > most_counted:
        return None
    sums: Counter[tuple[int, ...]] = Counter({tuple(sorted(rows[0])): 1})
    looked_at = 0
    for row, count in zip(rows[1:], ways, strict=True):
        looked_at += len(sums) * count
        if looked_at > most_counted:
            return None
        sums = _added(sums, sorted(row))
    as_large = sum(count for totals, count in sums.items() if sum((total - mean) ** 2 for total in totals) >= found)
    return Fraction(as_large, sum(sums.values()))


def _added(sums: Mapping[tuple[int, ...], int], row: Sequence[int]) -> Counter[tuple[int, ...]]:
    """What the sums of ranks come to with one more ranking, given in each order of it."""
    following: Counter[tuple[int, ...]] = Counter()
    for partial, count in sums.items():
        groups = sorted(Counter(partial).items())
        # Where most sums are equal, many orders come to the same: it is counted how many, and none is made.
        if 2 * len(groups) <= len(partial):
            for added, times in _laid_on(groups, sorted(Counter(row).items())):
                following[tuple(sorted(added))] += count * times
            breathe()
            continue
        for number, arranged in enumerate(_arrangements(row)):
            following[tuple(sorted(map(add, partial, arranged)))] += count
            if not number % ORDERS_BETWEEN_RESTS:
                breathe()
    return following


def _laid_on(groups: Sequence[tuple[int, int]], ranks: Sequence[tuple[int, int]]) -> Iterator[tuple[list[int], int]]:
    """Every way to share out ranks among groups of equal sums, with in how many orders it comes; both are given as
    (value, how many)."""
    if not groups:
        yield [], 1
        return
    (total, size), *others = groups
    for taken in _taken(ranks, size):
        added = [total + rank for (rank, _), count in zip(ranks, taken, strict=True) for _ in range(count)]
        left = [(rank, count - less) for (rank, count), less in zip(ranks, taken, strict=True)]
        own = factorial(size) // prod(map(factorial, taken))
        for rest, times in _laid_on(others, left):
            yield added + rest, own * times


def _taken(ranks: Sequence[tuple[int, int]], size: int) -> Iterator[tuple[int, ...]]:
    """Every way to take so many ranks: how many of each."""
    if not ranks:
        if not size:
            yield ()
        return
    for count in range(min(ranks[0][1], size) + 1):
        yield from ((count, *rest) for rest in _taken(ranks[1:], size - count))


def _arrangements_of(row: Sequence[int]) -> int:
    """How many orders some ranks have, equal ones not told apart."""
    return factorial(len(row)) // prod(map(factorial, Counter(row).values()))


def _arrangements(row: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Each of these orders once."""
    if len(row) < 2:
        yield tuple(row)
        return
    for place, rank in enumerate(row):
        if not place or row[place - 1] != rank:
            yield from ((rank, *rest) for rest in _arrangements([*row[:place], *row[place + 1:]]))
