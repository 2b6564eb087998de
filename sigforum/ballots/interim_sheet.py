"""The sheet of priorities that are still open: which points lie on each response, and nobody's ballot.

Everyone sees these totals move. Whole ballots are published with the reveal, not before.
"""

from dataclasses import asdict
from typing import Any

from sigforum.ballots.tally_sheet import Counted

SCHEMA = "sigforum-interim-sheet/1"


def write_interim(counted: Counted) -> dict[str, Any]:
    """The sheet as plain JSON values. The points on a response stand in the order of their size, so that no place in
    a list ties those on one response to those on another."""
    laid: dict[str, list[int]] = {key: [] for key in counted.paper.keys}
    for _, answer in counted.ballots:
        for key, points in answer.get("points", {}).items():
            if key in laid:
                laid[key].append(points)
    return {"schema": SCHEMA, **counted.place, "terms": counted.terms.to_json(), "terms_sha256": counted.terms.sha256,
            "options": [asdict(option) for option in counted.paper.options], "headcount": asdict(counted.headcount),
            "laid": {key: sorted(points, reverse=True) for key, points in laid.items()}}
