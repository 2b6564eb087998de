"""Opinion groups: people who voted alike, found in their votes, or the reason why none are shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigforum.consensus.opinion.clustering import SEED, Clustering, k_means, usual_restarts
from sigforum.consensus.opinion.components import Components, principal_components
from sigforum.consensus.opinion.silhouette import mean_silhouettes
from sigforum.consensus.opinion.vote_matrix import VoteMatrix

FEWEST_PEOPLE = 15
SMALLEST_GROUP = 3
FEWEST_VOTES = 7
# With fewer statements than a person needs votes, people lie on a few points, and the cut among them is anybody's.
FEWEST_STATEMENTS = 7
MOST_GROUPS = 5
# Places are rounded before they are cut, so that the last digits of a float decide nothing.
DECIMALS = 6
# Below this Kaufman and Rousseeuw, "Finding groups in data" (1990), see no substantial structure at all.
LOWEST_SILHOUETTE = 0.25


@dataclass(frozen=True)
class Split:
    """One number of groups that was tried; `struck` says why it was not taken, empty where it could be."""

    sizes: tuple[int, ...]
    silhouette: float
    inertia: float
    struck: str


@dataclass(frozen=True, eq=False)
class OpinionGroups:
    """The groups, or in `refused` the reason why there are none.

    `labels` has a group for every row of the votes, 0 for the largest and -1 for those who voted too little; without
    groups it is None. `tried` is by number of groups.
    """

    refused: str
    labels: NDArray[np.intp] | None
    components: Components | None
    tried: Mapping[int, Split]
    groups: int
    people: int
    seed: int
    restarts: int

    @property
    def names(self) -> tuple[str, ...]:
        """The groups' letters, the largest first."""
        return tuple("ABCDEFGHIJ"[:self.groups])

    @property
    def chosen(self) -> Split | None:
        """The split that was taken."""
        return self.tried.get(self.groups)


def find_groups(matrix: VoteMatrix, *, excluded: Collection[str] = (), seed: int = SEED, restarts: int | None = None
                ) -> OpinionGroups:
    """Two to five groups by k-means on the two principal components, as many as the silhouette likes best.

    Only people with seven votes or more are grouped. Refused under seven statements that are not left out, under 15
    such people, where every split leaves a group under 3, or where no split has a mean silhouette of 0.25.
    The result is exploratory: a cloud without groups can be cut too, at silhouettes of 0.3 to 0.4. Source of the way:
    Small et al., "Polis", Recerca 26 (2021); the limits are ours.
    """
    least = FEWEST_VOTES
    rows = np.flatnonzero(matrix.seen.sum(axis=1) >= least)
    restarts = restarts or usual_restarts(len(rows))
    statements = len(set(matrix.statements) - set(excluded))
    if statements < FEWEST_STATEMENTS:
        words = "1 statement was" if statements == 1 else f"{statements} statements were"
        return _refused(f"{words} voted on; groups are looked for from {FEWEST_STATEMENTS} statements up.",
                        people=len(rows), seed=seed, restarts=restarts)
    if len(rows) < FEWEST_PEOPLE:
        words = "1 person has" if len(rows) == 1 else f"{len(rows)} people have"
        return _refused(f"{words} voted on at least {least} statements; groups are looked for from "
                        f"{FEWEST_PEOPLE} people up.", people=len(rows), seed=seed, restarts=restarts)
    components = principal_components(matrix, excluded=excluded)
    # Adding nought makes -0 a 0.
    points = np.round(components.points[rows], DECIMALS) + 0.0
    different = len(np.unique(points, axis=0))
    if different < 2:
        return _refused("Everybody voted alike, so there are no groups to tell apart.", people=len(rows), seed=seed,
                        restarts=restarts, components=components)
    clusterings = {count: k_means(points, count, seed=seed, restarts=restarts)
                   for count in range(2, min(MOST_GROUPS, different) + 1)}
    scores = mean_silhouettes(points, [found.labels for found in clusterings.values()])
    tried = {count: _split(found, score) for (count, found), score in zip(clusterings.items(), scores, strict=True)}
    open_splits = [count for count, split in tried.items() if not split.struck]
    if not open_splits:
        reasons = "; ".join(split.struck for split in tried.values())
        return _refused(f"No split into groups can be shown: {reasons}.", people=len(rows), seed=seed,
                        restarts=restarts, components=components, tried=tried)
    # Among equals the fewer groups are taken.
    groups = max(open_splits, key=lambda count: (round(tried[count].silhouette, 9), -count))
    labels = np.full(len(matrix.people), -1, dtype=np.intp)
    labels[rows] = clusterings[groups].labels
    return OpinionGroups(refused="", labels=labels, components=components, tried=tried, groups=groups,
                         people=len(rows), seed=seed, restarts=restarts)


def describe_groups(found: OpinionGroups) -> str:
    """A plain readout that says what it is: "Exploratory: 2 groups of 60 and 46 people (silhouette 0.43)"."""
    if found.chosen is None:
        return f"No opinion groups. {found.refused}"
    *first, last = map(str, found.chosen.sizes)
    return (f"Exploratory: {found.groups} groups of {', '.join(first)} and {last} people (mean silhouette "
            f"{found.chosen.silhouette:.2f}; seed {found.seed}, {found.restarts} starts). Groups are a way to read the "
            "votes, no property of the people.")


def _split(found: Clustering, silhouette: float) -> Split:
    struck = ""
    if min(found.sizes) < SMALLEST_GROUP:
        sizes = " against ".join(map(str, found.sizes))
        struck = f"a split of {sizes} leaves a group under {SMALLEST_GROUP}, and its votes would be told"
    elif silhouette < LOWEST_SILHOUETTE:
        struck = f"{len(found.sizes)} groups hardly hang together (silhouette {silhouette:.2f})"
    return Split(sizes=found.sizes, silhouette=silhouette, inertia=found.inertia, struck=struck)


def _refused(reason: str, *, people: int, seed: int, restarts: int, components: Components | None = None,
             tried: Mapping[int, Split] | None = None) -> OpinionGroups:
    return OpinionGroups(refused=reason, labels=None, components=components, tried=tried or {}, groups=0,
                         people=people, seed=seed, restarts=restarts)
