"""Who leads over all weightings of the criteria, and under which on average: for pages, which show no other rank."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from sigforum.consensus.weight_space import DRAWS, LEVEL, SEED, checked_rows, random_parts
from sigforum.consensus.weighted_matrix import Scores
from sigforum.kernel.breathing import breathe

DRAWS_BETWEEN_RESTS = 200


@dataclass(frozen=True)
class Leads:
    """The first place alone: the share of `draws` random weightings under which each option has it, and the mean of
    these weightings, None where it never has."""

    shares: Mapping[str, float]
    central: Mapping[str, tuple[float, ...] | None]
    draws: int
    seed: int

    @property
    def error(self) -> float:
        """The largest standard error that a share can have."""
        return 1 / (2 * sqrt(self.draws))

    def leads(self, option: str) -> float:
        """The share of weightings under which this option comes first."""
        return self.shares[option]


def leads_over_weightings(scores: Scores, *, draws: int = DRAWS, seed: int = SEED) -> Leads:
    """What `weight_space` says of the first place, number by number, without comparing each option with each other one
    in each draw. Raises ValueError as it does."""
    import numpy as np  # noqa: PLC0415 - no start of a process is to wait for numpy

    names, rows = checked_rows(scores)
    dice, size = random.Random(seed), len(rows[0])
    parts = [random_parts(dice, size) for _ in range(draws)]
    wholes = [sum(part) for part in parts]
    # Criterion after criterion, as a sum over a row adds them.
    weights, table = np.array(parts).reshape(draws, size), np.array(rows)
    totals = np.zeros((draws, len(names)))
    for criterion in range(size):
        totals += weights[:, criterion, None] * table[None, :, criterion]
        breathe()
    totals /= np.array(wholes)[:, None]
    highest = totals.max(axis=1)[:, None]
    first, level = highest <= totals + LEVEL, np.count_nonzero(totals >= highest - LEVEL, axis=1)
    middle, led = [[0.0] * size for _ in names], [0.0] * len(names)
    for draw, leaders in enumerate(map(np.flatnonzero, first)):
        for one in map(int, leaders):
            is_highest = totals[draw, one] == highest[draw, 0]
            share = 1 / int(level[draw] if is_highest else
                            np.count_nonzero(totals[draw] >= totals[draw, one] - LEVEL))
            led[one] += share
            middle[one] = [old + share * part / wholes[draw]
                           for old, part in zip(middle[one], parts[draw], strict=True)]
        if not draw % DRAWS_BETWEEN_RESTS:
            breathe()
    return Leads(
        shares={name: led[one] / draws for one, name in enumerate(names)},
        central={name: tuple(part / led[one] for part in middle[one]) if led[one] else None
                 for one, name in enumerate(names)},
        draws=draws, seed=seed)
