"""Priorities by points, with voters, largest shares, square roots and what hangs on one person."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sigforum.consensus.files.points import PointsSheet
from sigforum.consensus.one_person_less import describe_one_person_less, one_person_less
from sigforum.consensus.points import describe_points, tally_points
from sigforum.consensus.reports.readout import Readout
from sigforum.consensus.square_roots import describe_root_points, root_points
from sigforum.kernel.words import number_of


def points_report(sheet: PointsSheet, *, budget: int) -> Readout:
    """The report on one file of points."""

    def leaders(ballots: Sequence[Mapping[str, int]]) -> list[str]:
        ranked = tally_points(ballots, budget=budget, keys=sheet.items)
        return [line.key for line in ranked if line.rank == 1 and line.points]

    lines = tally_points(sheet.ballots, budget=budget, keys=sheet.items)
    roots = dict.fromkeys(sheet.items, 0.0) | root_points(sheet.ballots)
    less = one_person_less(sheet.ballots, leaders=leaders)
    figures = {
        "people": len(sheet.ballots), "budget": budget,
        "items": [{**asdict(line), "square_roots": roots[line.key]} for line in lines],
        "one_person_less": {"is_fragile": less.is_fragile, "tipping": less.tipping,
                            "instead": [list(items) for items in less.instead]}}
    return Readout(figures, (
        f"{number_of(len(sheet.ballots), 'person', 'people')} with {number_of(budget, 'point')} each.",
        *(f"{line.rank}. {line.key}: {describe_points(line)}" for line in lines),
        f"A second reading, {describe_root_points(roots)}.", describe_one_person_less(less)))
