"""Priorities: points that people lay on items, ranked with voters and largest single share beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PointsLine:
    """One item of the ranking.

    Items with equal points share a `rank` (1, 1, 3). `share` is of all points laid, None when none were;
    `largest_single` are the points of the most generous person, `largest_share` their part of this item's
    points, None without points.
    """

    key: str
    rank: int
    points: int
    voters: int
    share: float | None
    largest_single: int
    largest_share: float | None


def tally_points(
    ballots: Sequence[Mapping[str, int]],
    *,
    budget: int,
    per_item: int | None = None,
    keys: Iterable[str] = (),
) -> tuple[PointsLine, ...]:
    """The ranking of all items on the ballots and in `keys`, most points first.

    Among equal ranks, items with more voters are shown first and then by key; that is an order of display
    and breaks no tie. Raises ValueError where a ballot lays negative points, more than `budget`, or more
    than `per_item` on one item. Source: multi-voting of Delbecq, Van de Ven and Gustafson, "Group
    techniques for program planning" (1975); rank sharing is standard competition ranking.
    """
    laid: dict[str, list[int]] = {key: [] for key in keys}
    for number, ballot in enumerate(ballots, start=1):
        _check_ballot(ballot, number=number, budget=budget, per_item=per_item)
        for key, points in ballot.items():
            laid.setdefault(key, []).extend([points] if points else [])
    totals = {key: sum(parts) for key, parts in laid.items()}
    everything = sum(totals.values())
    rank_of: dict[int, int] = {}
    for place, total in enumerate(sorted(totals.values(), reverse=True), start=1):
        rank_of.setdefault(total, place)
    lines = [
        PointsLine(
            key=key,
            rank=rank_of[totals[key]],
            points=totals[key],
            voters=len(parts),
            share=totals[key] / everything if everything else None,
            largest_single=max(parts, default=0),
            largest_share=max(parts) / totals[key] if parts else None,
        )
        for key, parts in laid.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.rank, -line.voters, line.key)))


def describe_points(line: PointsLine) -> str:
    """A plain readout: "6 points from 2 people, at most 5 of them from one person"."""
    points = "1 point" if line.points == 1 else f"{line.points} points"
    if line.voters == 0:
        return "no points"
    if line.voters == 1:
        return f"{points} from 1 person"
    return f"{points} from {line.voters} people, at most {line.largest_single} of them from one person"


def _check_ballot(ballot: Mapping[str, int], *, number: int, budget: int, per_item: int | None) -> None:
    for key, points in ballot.items():
        if points < 0:
            raise ValueError(f"ballot {number} lays {points} points on {key!r}")
        if per_item is not None and points > per_item:
            raise ValueError(
                f"ballot {number} lays {points} points on {key!r}; at most {per_item} are allowed"
            )
    if sum(ballot.values()) > budget:
        raise ValueError(f"ballot {number} lays {sum(ballot.values())} points of a budget of {budget}")
