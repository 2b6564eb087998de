"""Kendall's W: how far the people who rank agree with each other, from 0 to 1, corrected for ties."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from sigforum.consensus.mid_ranks import doubled_mid_ranks, tie_correction

PERMUTATIONS = 999
SEED = 1939
# Ranks that a shuffle moves; this many take about a second for all permutations.
MOST_SHUFFLED = 4_000


@dataclass(frozen=True)
class Concordance:
    """`w` and `p` are None where there is nothing to agree on: one ranker, one option, or only ties.

    `p` is the share of `permutations` random rankings, and of the one found, that agree at least as much.
    """

    w: float | None
    p: float | None
    raters: int
    options: int
    permutations: int

    @property
    def chi_square(self) -> float | None:
        """Friedman's statistic, raters x (options - 1) x W."""
        return None if self.w is None else self.raters * (self.options - 1) * self.w


def concordance(
    rows: Sequence[Sequence[float]], *, permutations: int = PERMUTATIONS, seed: int = SEED
) -> Concordance:
    """Kendall's W of some raters, each a row with a rank or score for every option.

    With R the sums of mid-ranks, S their squared deviations and T the sum of t^3 - t over every group of t
    ties, W = 12 S / (m^2 (n^3 - n) - m T). p shuffles each row on its own and counts (1 + as large) / (1 + all),
    so it is never 0; the seed and the sorting of rows make it repeatable in any order of ballots. Raises
    ValueError for rows of different lengths. Sources: Kendall and Babington Smith, "The problem of m
    rankings", Annals of Mathematical Statistics 10 (1939) 275-287; Kendall, "Rank correlation methods" (1948)
    for ties; Phipson and Smyth, Statistical Applications in Genetics and Molecular Biology 9 (2010) 39 for p.
    """
    if len({len(row) for row in rows}) > 1:
        raise ValueError("every rater ranks the same options")
    return _concordance(tuple(sorted(doubled_mid_ranks(row) for row in rows)), permutations, seed)


def permutations_for(raters: int, options: int) -> int:
    """How many shuffles are worth their time: for an electorate the chi-square of Friedman's test says the same."""
    return PERMUTATIONS if raters * options <= MOST_SHUFFLED else 0


def describe_concordance(found: Concordance) -> str:
    """A plain readout: "Kendall's W 0.54 among 3 people (p 0.015, 999 permutations)"."""
    if found.w is None:
        return "Kendall's W cannot be given: it takes two people who rank, two options and some difference."
    text = f"Kendall's W {found.w:.2f} among {found.raters} people"
    return text if found.p is None else f"{text} (p {found.p:.3f}, {found.permutations} permutations)"


# A live tally asks again for each audience; the shuffles are the same every time.
@lru_cache(maxsize=64)
def _concordance(rows: tuple[tuple[int, ...], ...], permutations: int, seed: int) -> Concordance:
    raters, options = len(rows), len(rows[0]) if rows else 0
    ties = sum(tie_correction(row) for row in rows)
    scale = raters**2 * (options**3 - options) - raters * ties
    if raters < 2 or options < 2 or scale == 0:
        return Concordance(w=None, p=None, raters=raters, options=options, permutations=0)
    mean = raters * (options + 1)
    found = _spread([list(row) for row in rows], mean)
    p = None
    if permutations:
        dice = random.Random(seed)
        shuffled = [list(row) for row in rows]
        as_large = 0
        for _ in range(permutations):
            for row in shuffled:
                # A sort by random keys is as fair as a shuffle, and three times as fast.
                row.sort(key=lambda _: dice.random())
            as_large += _spread(shuffled, mean) >= found
        p = (1 + as_large) / (1 + permutations)
    # The doubled ranks make S four times as large.
    return Concordance(w=float(Fraction(3 * found, scale)), p=p, raters=raters, options=options,
                       permutations=permutations)


def _spread(rows: Sequence[Sequence[int]], mean: int) -> int:
    return sum((sum(column) - mean) ** 2 for column in zip(*rows, strict=True))
