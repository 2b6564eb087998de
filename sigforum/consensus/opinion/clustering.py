"""Points of a plane gathered around a number of centres, the best of several seeded starts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]

# A few people make many local optima, and many people make each start dear.
FEW_POINTS = 500
RESTARTS_FOR_FEW, RESTARTS_FOR_MANY = 30, 10
SEED = 1957
MOST_STEPS = 300


@dataclass(frozen=True, eq=False)
class Clustering:
    """`labels` is the cluster of each point, 0 for the largest; `inertia` the squared distances to the centres."""

    labels: Labels
    centres: Floats
    inertia: float

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many points each cluster holds, falling."""
        return tuple(np.bincount(self.labels, minlength=len(self.centres)).tolist())


def k_means(points: Floats, clusters: int, *, seed: int = SEED, restarts: int | None = None) -> Clustering:
    """The clustering with the least inertia of all starts; clusters by falling size, then by their centres.

    Points are taken in the order of their places, so that it does not matter who came first. There are 30 starts for
    up to 500 points and 10 for more, unless told otherwise. Raises ValueError for fewer points than clusters. Sources:
    Lloyd, "Least squares quantization in PCM" (1957), IEEE Transactions on Information Theory 28 (1982) 129-137;
    starts: Arthur and Vassilvitskii, "k-means++", SODA (2007) 1027-1035.
    """
    if not 1 <= clusters <= len(points):
        raise ValueError(f"{len(points)} points cannot make {clusters} clusters")
    # Rounded, so that the last place of a float does not decide the order.
    order = np.lexsort(np.round(points.T, 9)[::-1])
    ordered = points[order]
    dice = np.random.default_rng([seed, clusters])
    best: tuple[float, Labels, Floats] | None = None
    for _ in range(restarts or usual_restarts(len(points))):
        labels, centres = _settled(ordered, _starts(ordered, clusters, dice))
        inertia = float(((ordered - centres[labels]) ** 2).sum())
        if best is None or inertia < best[0]:
            best = (inertia, labels, centres)
    assert best is not None
    inertia, labels, centres = best
    sizes = np.bincount(labels, minlength=clusters)
    ranking = sorted(range(clusters), key=lambda one: (-int(sizes[one]), *centres[one].tolist()))
    place = np.empty(clusters, dtype=np.intp)
    place[ranking] = np.arange(clusters)
    found = np.empty(len(points), dtype=np.intp)
    found[order] = place[labels]
    return Clustering(labels=found, centres=centres[ranking], inertia=inertia)


def usual_restarts(points: int) -> int:
    """How many starts are tried for this many points."""
    return RESTARTS_FOR_FEW if points <= FEW_POINTS else RESTARTS_FOR_MANY


def _starts(points: Floats, clusters: int, dice: np.random.Generator) -> Floats:
    """Centres among the points, each likelier the farther it lies from those before it."""
    centres = [points[dice.integers(len(points))]]
    nearest = ((points - centres[0]) ** 2).sum(axis=1)
    while len(centres) < clusters:
        reached = np.cumsum(nearest)
        place = int(np.searchsorted(reached, dice.random() * reached[-1], side="right"))
        centres.append(points[min(place, len(points) - 1)])
        nearest = np.minimum(nearest, ((points - centres[-1]) ** 2).sum(axis=1))
    return np.array(centres)


def _settled(points: Floats, centres: Floats) -> tuple[Labels, Floats]:
    # With one row an axis every step runs over memory in its order, which makes it several times as fast.
    axes = np.ascontiguousarray(points.T)
    labels = np.full(len(points), -1, dtype=np.intp)
    for _ in range(MOST_STEPS):
        distances = (-2 * centres) @ axes
        distances += (centres**2).sum(axis=1)[:, None]
        chosen = distances.argmin(axis=0)
        if np.array_equal(chosen, labels):
            break
        labels = chosen
        sizes = np.bincount(labels, minlength=len(centres))
        sums = np.array([np.bincount(labels, weights=axis, minlength=len(centres)) for axis in axes]).T
        # A centre that lost all its points stays where it was.
        centres = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
    return labels, centres
