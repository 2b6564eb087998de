"""What groups would be found in votes that hold none: the same votes, shuffled statement by statement."""

from collections.abc import Collection

import numpy as np

from sigforum.consensus.opinion.clustering import SEED
from sigforum.consensus.opinion.grouping import OpinionGroups, find_groups
from sigforum.consensus.opinion.vote_matrix import VoteMatrix

SHUFFLES = 19
STARTS = 3


def shuffled_silhouettes(matrix: VoteMatrix, *, excluded: Collection[str] = (), shuffles: int = SHUFFLES,
                         seed: int = SEED) -> tuple[float, ...]:
    """The best silhouette of each shuffle, rising: what the same method finds where nobody votes like anybody.

    The votes on each statement are dealt out anew among those who saw it, so that who saw what and how a statement
    fared stay as they are. Source: the permutation idea of Edgington, "Randomization tests" (1980), as Tibshirani,
    Walther and Hastie, Journal of the Royal Statistical Society B 63 (2001) 411-423 use it for numbers of clusters.
    """
    dice = np.random.default_rng([seed, shuffles])
    best = []
    for _ in range(shuffles):
        votes = matrix.votes.copy()
        for column, seen in zip(votes.T, matrix.seen.T, strict=True):
            column[seen] = dice.permutation(column[seen])
        found = find_groups(VoteMatrix(matrix.people, matrix.statements, votes), excluded=excluded, restarts=STARTS)
        best.append(max((split.silhouette for split in found.tried.values()), default=0.0))
    return tuple(sorted(best))


def describe_chance(found: OpinionGroups, chance: Collection[float]) -> str:
    """A plain readout: "shuffled votes reach 0.33 to 0.41, so these groups may be no more than chance"."""
    if found.chosen is None or not chance:
        return ""
    reached = f"votes shuffled at random reach silhouettes of {min(chance):.2f} to {max(chance):.2f}"
    if found.chosen.silhouette > max(chance):
        return f"{reached}; these groups hang together better than any of {len(chance)} shuffles"
    return f"{reached}, so these groups may be no more than chance"


def chance_text(matrix: VoteMatrix, *, excluded: Collection[str] = ()) -> str:
    """The readout of the groups of some votes against the same votes shuffled."""
    return describe_chance(find_groups(matrix, excluded=excluded), shuffled_silhouettes(matrix, excluded=excluded))
