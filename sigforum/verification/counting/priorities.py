"""Priorities: points laid on responses, by how many people, and how many of them by one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.verification.counting.one_less import left_out
from sigforum.verification.counting.paper import Count, line, result
from sigforum.verification.matching import Words


def count_points(count: Count) -> dict[str, Any]:
    """Points on responses that are not on the paper any more are not counted, nor is a ballot of nothing else."""
    keys = set(count.keys)
    ballots = [{key: points for key, points in answer.get("points", {}).items() if key in keys and points}
               for answer in count.answers]
    used = [ballot for ballot in ballots if ballot]
    laid = {key: [ballot[key] for ballot in used if key in ballot] for key in count.keys}
    total = sum(map(sum, laid.values()))
    less = left_out(used, _most)
    texts = {str(option["key"]): str(option["text"]) for option in count.options}
    return result(count, rank_points(count.options, laid), answered=len(used), extra=less.extra,
                  text=Words((total, len(used), count.entitled, *less.numbers(texts))))


def _most(ballots: Sequence[Mapping[str, int]]) -> tuple[str, ...]:
    """Who has the most points; nobody where there are none."""
    totals: Counter[str] = Counter()
    for ballot in ballots:
        totals.update(ballot)
    most = max(totals.values(), default=0)
    return tuple(sorted(key for key, points in totals.items() if points == most))


def rank_points(options: Sequence[Mapping[str, Any]], laid: Mapping[str, Sequence[int]]) -> list[dict[str, Any]]:
    """The ranking by the points on each response: as many places down as others have more points."""
    lines = []
    for option in options:
        own = laid[option["key"]]
        points, largest = sum(own), max(own, default=0)
        rank = 1 + sum(sum(other) > points for other in laid.values())
        lines.append(line(option, answered=len(own), figures={
            "rank": rank if points else None, "points": points, "voters": len(own), "largest_single": largest,
            "readout": _readout(points, voters=len(own), largest=largest)}))
    # The order of display among equals: more voters first, then by key.
    return sorted(lines, key=lambda one: (-one["figures"]["points"], -one["figures"]["voters"], one["key"]))


def _readout(points: int, *, voters: int, largest: int) -> Words:
    numbers = (points, voters, largest) if voters > 1 else (points, voters) if voters else ()
    return Words(numbers)
