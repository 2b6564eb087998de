"""The published tally sheet of a round: what was asked, every ballot under its code, and what they come to.

A sheet is plain JSON and needs nothing else: whoever has it can count again, without database or server.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sigforum.ballots.domain import Answer, Headcount, Paper, PaperOption, Result, Secrecy, Terms
from sigforum.ballots.policy import is_withheld
from sigforum.ballots.registry import kind_named
from sigforum.kernel.errors import Invalid

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


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was checked. `problem` is empty where it holds."""

    what: str
    problem: str = ""


def write_sheet(counted: Counted) -> dict[str, Any]:
    """The sheet as plain JSON values. Ballots stand in the order of their codes."""
    kind, terms = kind_named(counted.terms.kind), counted.terms
    sheet: dict[str, Any] = {
        "schema": SCHEMA, **counted.place, "terms": terms.to_json(), "terms_sha256": terms.sha256,
        "options": [asdict(option) for option in counted.paper.options], "headcount": asdict(counted.headcount),
        "late": counted.late}
    if is_withheld(secrecy=terms.secrecy, answered=len(counted.ballots)):
        # A list of two ballots would tell each of the two how the other one voted.
        return sheet | {"ballots": None, "withheld": len(counted.ballots), "result": None}
    listed = []
    for code, answer in sorted(counted.ballots, key=lambda ballot: ballot[0]):
        entry = {"code": code, "answer": dict(answer), "says": dict(kind.describe(answer, counted.paper))}
        if code in counted.names:
            entry["name"] = counted.names[code]
        listed.append(entry)
    return _plain(sheet | {"ballots": listed, "result": _result(_count(counted.terms, counted.paper,
                                                                       counted.headcount, counted.ballots))})


def check_sheet(sheet: Any) -> list[Finding]:
    """Count a sheet again. Raises Invalid for something that is no sheet of this schema."""
    if not isinstance(sheet, Mapping) or sheet.get("schema") != SCHEMA:
        raise Invalid({"": f"This is not a tally sheet of the schema {SCHEMA}."})
    try:
        return _check(sheet)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as problem:
        raise Invalid({"": f"This tally sheet is damaged: {problem!r}."}) from problem


def _check(sheet: Mapping[str, Any]) -> list[Finding]:
    terms = Terms.from_json(sheet["terms"])
    findings = [_same("the terms have their hash", terms.sha256, sheet["terms_sha256"])]
    if sheet["ballots"] is None:
        return [*findings, _same("fewer than three secret ballots are not listed", is_withheld(
            secrecy=terms.secrecy, answered=sheet["withheld"]), True)]
    paper = Paper(options=tuple(PaperOption(**option) for option in sheet["options"]), settings=terms.settings)
    if terms.options:
        findings.append(_same("the options are the frozen ones", paper.options, terms.options))
    codes = [ballot["code"] for ballot in sheet["ballots"]]
    findings.append(_same("every ballot has a code of its own", len(set(codes)), len(codes)))
    findings.append(_ballots_are_valid(terms, paper, sheet["ballots"]))
    if terms.secrecy == Secrecy.SECRET:
        findings.append(_same("no ballot names anybody", [one for one in sheet["ballots"] if "name" in one], []))
    headcount = Headcount(**sheet["headcount"])
    findings.append(_same("nobody voted who was not entitled", len(codes) <= headcount.entitled, True))
    recounted = _plain(_result(_count(terms, paper, headcount, [(ballot["code"], ballot["answer"])
                                                                for ballot in sheet["ballots"]])))
    published = sheet["result"]
    findings.append(_same("as many answered and abstained", [recounted["answered"], recounted["abstained"]],
                          [published["answered"], published["abstained"]]))
    lines = {line["key"]: line for line in recounted["lines"]}
    for line in published["lines"]:
        again = lines.pop(line["key"], None)
        findings.append(_same(f"the result of “{line['text']}”", again, line))
    findings.append(_same("no result is missing", list(lines), []))
    return [*findings, _same("the whole result", recounted, published)]


def _ballots_are_valid(terms: Terms, paper: Paper, ballots: Sequence[Mapping[str, Any]]) -> Finding:
    kind, what = kind_named(terms.kind), "every ballot could have been cast"
    for ballot in ballots:
        try:
            if _plain(kind.parse_answer(ballot["answer"], paper)) != ballot["answer"]:
                return Finding(what=what, problem=f"{ballot['code']} is not as it would have been stored")
        except Invalid as refusal:
            # Responses taken back after a vote was cast leave points on options that stand no more.
            if not kind.options_are_responses:
                return Finding(what=what, problem=f"{ballot['code']}: {'; '.join(refusal.errors.values())}")
    return Finding(what=what)


def _count(terms: Terms, paper: Paper, headcount: Headcount, ballots: Sequence[tuple[str, Answer]]) -> Result:
    return kind_named(terms.kind).tally(
        [answer for _, answer in sorted(ballots, key=lambda ballot: ballot[0])], paper, headcount=headcount,
        rule=terms.rule)


def _result(result: Result) -> dict[str, Any]:
    return asdict(result) | {"lines": [_line(line) for line in result.lines]}


def _line(line: Any) -> dict[str, Any]:
    verdict = line.verdict
    return asdict(line) | {"verdict": verdict and {
        "word": str(verdict.word), "because": verdict.because, "is_fragile": verdict.is_fragile}}


def _plain(value: Any) -> Any:
    """A value as it comes back from a file, so that what was read can be compared with what was counted."""
    return json.loads(json.dumps(value, ensure_ascii=False, default=str))


def _same(what: str, found: Any, expected: Any) -> Finding:
    return Finding(what=what, problem="" if found == expected else f"counted {found!r}, published {expected!r}")
