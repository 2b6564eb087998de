"""Friedman's test beside Kendall's W: the chi-square approximation, for readers who expect it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sigforum.consensus.chi_square import chi_square_tail, p_text
from sigforum.consensus.mid_ranks import doubled_mid_ranks, tie_correction


@dataclass(frozen=True)
class Friedman:
    """The parts of the test, with and without correction for ties.

    `spread` is S, the squared deviations of the sums of ranks; `ties` is the sum of t³ - t over all groups of ties.
    """

    spread: float
    ties: int
    degrees: int
    w: float
    chi_square: float
    p: float
    w_uncorrected: float
    chi_square_uncorrected: float
    p_uncorrected: float


def friedman_test(rows: Sequence[Sequence[float]]) -> Friedman | None:
    """Friedman's test of some raters, each a row with a rank or score for every option.

    None where there is nothing to agree on: one rater, one option, or only ties. The approximation is poor for small
    panels; `concordance` gives a permutation p. Raises ValueError for rows of different lengths. Sources: Friedman,
    "The use of ranks to avoid the assumption of normality", JASA 32 (1937) 675-701; Kendall, "Rank correlation
    methods" (1948) for ties.
    """
    if len({len(row) for row in rows}) > 1:
        raise ValueError("every rater ranks the same options")
    raters, options = len(rows), len(rows[0]) if rows else 0
    ways = Counter(map(tuple, rows))
    ties = sum(count * tie_correction(row) for row, count in ways.items())
    whole = raters**2 * (options**3 - options)
    if raters < 2 or options < 2 or whole == raters * ties:
        return None
    sums = [0] * options
    for row, count in ways.items():
        sums = [total + count * rank for total, rank in zip(sums, doubled_mid_ranks(row), strict=True)]
    # Doubled ranks make S four times as large.
    four_spread = sum((total - raters * (options + 1)) ** 2 for total in sums)
    corrected, plain = 3 * four_spread / (whole - raters * ties), 3 * four_spread / whole
    factor, degrees = raters * (options - 1), options - 1
    return Friedman(
        spread=four_spread / 4, ties=ties, degrees=degrees,
        w=corrected, chi_square=factor * corrected, p=chi_square_tail(factor * corrected, degrees),
        w_uncorrected=plain, chi_square_uncorrected=factor * plain, p_uncorrected=chi_square_tail(
            factor * plain, degrees))


def describe_friedman(found: Friedman | None) -> str:
    """A plain readout: "Friedman chi-square 30.76 with 19 degrees of freedom, p 0.043"."""
    if found is None:
        return "Friedman's test cannot be given: it takes two people who rank, two options and some difference."
    return f"Friedman chi-square {found.chi_square:.2f} with {found.degrees} degrees of freedom, p {p_text(found.p)}"
