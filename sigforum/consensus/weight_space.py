"""How often each option leads over all weightings of the criteria: what the scores say before anyone weighs them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from typing import Protocol

from sigforum.consensus.percentiles import Number, number_text
from sigforum.consensus.weighted_matrix import Scores
from sigforum.kernel.words import named

DRAWS = 20_000
SEED = 1998
# Sums this near are one sum: floats of equal scores differ in the last place.
LEVEL = 1e-12


@dataclass(frozen=True)
class WeightSpace:
    """Shares of `draws` random weightings, by option.

    `acceptability` has the share of every rank, best first, and sums to 1; ranks that options share are split evenly.
    `wins` is the share in which one stands above another, level pairs counting half. `central` is the mean weighting
    under which an option leads, None where it never does.
    """

    acceptability: Mapping[str, tuple[float, ...]]
    wins: Mapping[tuple[str, str], float]
    central: Mapping[str, tuple[float, ...] | None]
    draws: int
    seed: int

    @property
    def error(self) -> float:
        """The largest standard error that a share can have."""
        return 1 / (2 * sqrt(self.draws))

    def leads(self, option: str) -> float:
        """The share of weightings under which this option comes first."""
        return self.acceptability[option][0]


class _HasLeads(Protocol):
    @property
    def draws(self) -> int:
        """Of how many random weightings the shares are."""

    def leads(self, option: str) -> float:
        """The share of weightings under which this option comes first."""


def weight_space(scores: Scores, *, draws: int = DRAWS, seed: int = SEED) -> WeightSpace:
    """Rank acceptability, pairwise wins and central weights over weightings drawn evenly from all that sum to 1.

    A share has a standard error of at most 1 / (2 √draws): 0.0035 for 20,000. The same seed gives the same draws.
    Raises ValueError for no options, no criteria, or rows of different lengths. Source: Lahdelma, Hokkanen and
    Salminen, "SMAA - stochastic multiobjective acceptability analysis", European Journal of Operational Research 106
    (1998) 137-143; ranks: Lahdelma and Salminen, Operations Research 49 (2001) 444-454.
    """
    names, rows = checked_rows(scores)
    dice, size = random.Random(seed), len(rows[0])
    places = [[0.0] * len(names) for _ in names]
    above = [[0.0] * len(names) for _ in names]
    middle, led = [[0.0] * size for _ in names], [0.0] * len(names)
    for _ in range(draws):
        parts = random_parts(dice, size)
        whole = sum(parts)
        totals = [sum(map(_product, row, parts)) / whole for row in rows]
        for one, share in _count_ranks(totals, places, above):
            led[one] += share
            middle[one] = [old + share * part / whole for old, part in zip(middle[one], parts, strict=True)]
    return WeightSpace(
        acceptability={name: tuple(count / draws for count in places[one]) for one, name in enumerate(names)},
        wins={(name, rival): above[one][other] / draws for one, name in enumerate(names)
              for other, rival in enumerate(names) if one != other},
        central={name: tuple(part / led[one] for part in middle[one]) if led[one] else None
                 for one, name in enumerate(names)},
        draws=draws, seed=seed)


def checked_rows(scores: Scores) -> tuple[tuple[str, ...], list[tuple[float, ...]]]:
    """The options and their scores. Raises ValueError where there is nothing to weigh, or rows differ in length."""
    names = tuple(scores)
    rows = [tuple(map(float, scores[name])) for name in names]
    if not rows or not rows[0] or len({len(row) for row in rows}) > 1:
        raise ValueError("every option takes one score a criterion, and there is one of each at least")
    return names, rows


def random_parts(dice: random.Random, size: int) -> list[float]:
    """The parts of one random weighting: exponential variables over their sum are spread evenly over all of them."""
    return [-log(1 - dice.random()) for _ in range(size)]


def equal_weights(criteria: int) -> tuple[int, ...]:
    """The weighting that is none: every criterion counts the same."""
    return (1,) * criteria


def dominated_options(scores: Mapping[str, Sequence[Number]]) -> dict[str, tuple[str, ...]]:
    """By option, those that are at least as good on every criterion and better on one: no weighting puts it ahead.

    Source: Keeney and Raiffa, "Decisions with multiple objectives" (1976), section 3.2.
    """
    found = {}
    for one, row in scores.items():
        better = tuple(other for other, rival in scores.items() if other != one and tuple(rival) != tuple(row)
                       and all(high >= low for high, low in zip(rival, row, strict=True)))
        if better:
            found[one] = better
    return found


def describe_weight_space(found: WeightSpace) -> str:
    """A plain readout: "over all weightings Clay leads in 54.2 %, Brick in 45.8 % (give or take 0.4: 20,000 draws, seed
    1998)"; shares that the draws cannot tell apart are called level."""
    leads = sorted(found.acceptability, key=lambda name: (-found.leads(name), name))
    shares = ", ".join(f"{named(name)} {'leads ' if not place else ''}in {100 * found.leads(name):.1f} %"
                       for place, name in enumerate(leads))
    level = [f"{named(one)} and {named(other)}" for one, other in pairwise(leads) if are_level(found, one, other)]
    words = f"; {' and '.join(level)} are level within that error" if level else ""
    return (f"over all weightings {shares} (give or take {number_text(100 * found.error)}: {found.draws:,} draws, seed "
            f"{found.seed}){words}")


def are_level(found: _HasLeads, one: str, other: str) -> bool:
    """Whether two shares of the lead lie within two standard errors of their difference, which in draws of one lot is
    √((p + q - (p - q)²)/n); shares of nothing are not compared."""
    first, second = found.leads(one), found.leads(other)
    apart = first - second
    return first + second > 0 and apart * apart <= 4 * (first + second - apart * apart) / found.draws


def _product(one: float, other: float) -> float:
    return one * other


def _count_ranks(totals: Sequence[float], places: list[list[float]], above: list[list[float]]
                 ) -> list[tuple[int, float]]:
    """Adds one weighting to the counts; gives who leads it, with their share of the lead."""
    leaders: list[tuple[int, float]] = []
    for one, total in enumerate(totals):
        higher = level = 0
        for other, rival in enumerate(totals):
            if one == other:
                continue
            if rival > total + LEVEL:
                higher += 1
            elif rival >= total - LEVEL:
                level += 1
                above[one][other] += 0.5
            else:
                above[one][other] += 1
        share = 1 / (level + 1)
        for rank in range(higher, higher + level + 1):
            places[one][rank] += share
        if not higher:
            leaders.append((one, share))
    return leaders
