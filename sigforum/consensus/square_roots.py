"""Points under square roots: how priorities would stand if each further point on one item weighed less."""

from collections.abc import Mapping, Sequence
from math import fsum, sqrt

from sigforum.consensus.percentiles import number_text
from sigforum.kernel.words import named


def root_points(ballots: Sequence[Mapping[str, int]]) -> dict[str, float]:
    """The sum of the square roots of each person's points, by item: six points from one person weigh 2.45.

    A reading beside the points, never instead of them: people laid their points by other rules. Raises ValueError for
    negative points. Source: Lalley and Weyl, "Quadratic voting: how mechanism design can radicalize democracy", AEA
    Papers and Proceedings 108 (2018) 33-37.
    """
    laid: dict[str, list[float]] = {}
    for number, ballot in enumerate(ballots, start=1):
        for key, points in ballot.items():
            if points < 0:
                raise ValueError(f"ballot {number} lays {points} points on {key!r}")
            laid.setdefault(key, []).append(sqrt(points))
    return {key: fsum(sorted(roots)) for key, roots in laid.items()}


def describe_root_points(points: Mapping[str, float]) -> str:
    """A plain readout, highest first: "with square roots: a 4.15, b 3.83"."""
    ordered = sorted(points.items(), key=lambda pair: (-pair[1], pair[0]))
    told = ", ".join(f"{named(key)} {number_text(value)}" for key, value in ordered)
    return f"with square roots: {told or 'no points'}"
