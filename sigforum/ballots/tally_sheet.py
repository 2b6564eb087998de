"""The published tally sheet of a round: what was asked, every ballot under its code, and what they come to.

A sheet is plain JSON and needs nothing else: whoever has it can count again, without database or server.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sigforum.ballots.domain import Answer, Headcount, Paper, Result, Terms
from sigforum.ballots.policy import is_withheld
from sigforum.ballots.registry import kind_named

SCHEMA = "sigforum-tally-sheet/1"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A round as it stood when it was published. `names` is filled for open ballots alone, by code."""

    place: Mapping[str, Any]
    terms: Terms
    paper: Paper
    headcount: Headcount
    late: int
    ballots: Sequence[tuple[str, Answer]]
    names: Mapping[str, str]
    # The rule with the ratings by group, where it asks each group; the sheet says of each what it meets, and no more.
    rule: Mapping[str, Any] | None = None


def write_sheet(counted: Counted) -> dict[str, Any]:
    """The sheet as plain JSON values. Ballots stand in the order of their codes."""
    kind, terms = kind_named(counted.terms.kind), counted.terms
    sheet: dict[str, Any] = {
        "schema": SCHEMA, **counted.place, "terms": terms.to_json(), "terms_sha256": terms.sha256,
        "options": [asdict(option) for option in counted.paper.options], "headcount": asdict(counted.headcount),
        "late": counted.late}
    result = _count(terms, counted.paper, counted.headcount, counted.ballots, counted.rule or terms.rule)
    if is_withheld(secrecy=terms.secrecy, answered=result.answered, least_told=terms.least_told):
        # A list of two ballots would tell each of the two how the other one voted.
        empty = {} if result.answered == len(counted.ballots) else {"countable": result.answered}
        return sheet | {"ballots": None, "withheld": len(counted.ballots), **empty, "result": None}
    listed = []
    for code, answer in sorted(counted.ballots, key=lambda ballot: ballot[0]):
        entry = {"code": code, "answer": dict(answer), "says": dict(kind.describe(answer, counted.paper))}
        if code in counted.names:
            entry["name"] = counted.names[code]
        listed.append(entry)
    return _plain(sheet | {"ballots": listed, "result": _result(result)})


def _count(terms: Terms, paper: Paper, headcount: Headcount, ballots: Sequence[tuple[str, Answer]],
           rule: Mapping[str, Any] | None) -> Result:
    return kind_named(terms.kind).tally(
        [answer for _, answer in sorted(ballots, key=lambda ballot: ballot[0])], paper, headcount=headcount,
        rule=rule)


def _result(result: Result) -> dict[str, Any]:
    return asdict(result) | {"lines": [_line(line) for line in result.lines]}


def _line(line: Any) -> dict[str, Any]:
    verdict = line.verdict
    return asdict(line) | {"verdict": verdict and {
        "word": str(verdict.word), "because": verdict.because, "is_fragile": verdict.is_fragile}}


def _plain(value: Any) -> Any:
    """A value as it comes back from a file, so that what was read can be compared with what was counted."""
    return json.loads(json.dumps(value, ensure_ascii=False, default=str))
