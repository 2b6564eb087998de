"""One published tally sheet: its terms, its ballots, and its result counted again."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from sigforum.verification.casting import refusal
from sigforum.verification.counting.kinds import COUNTS
from sigforum.verification.counting.paper import Count
from sigforum.verification.findings import Difference, Finding, Status, check, holds, same
from sigforum.verification.matching import added, differences
from sigforum.verification.rules import asks_groups
from sigforum.verification.saying import words_of
from sigforum.verification.sheet_shapes import check_sheet_shape, unknown_terms

SCHEMA = "sigforum-tally-sheet/1"
# Under so many secret ballots everything is kept back.
FEWEST_SECRET = 3
# The figure of a rule that asks each stakeholder group.
BY_GROUP = "groups_met"
_CODE = re.compile(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}")


class Damaged(ValueError):
    """A file that is not what it says it is; the message says why."""


def is_sheet(content: Any) -> bool:
    """Whether a JSON value is a tally sheet of this schema."""
    return isinstance(content, Mapping) and content.get("schema") == SCHEMA


def name_of(sheet: Mapping[str, Any]) -> str:
    """A sheet's poll and round as findings name them."""
    return f"p{sheet['poll']} round {sheet['round']}"


def check_sheet(sheet: Any, *, file: str) -> list[Finding]:
    """Everything that one sheet can be asked. Raises Damaged for something that is no sheet of this schema."""
    if not is_sheet(sheet):
        raise Damaged(f"This is not a tally sheet of the schema {SCHEMA}.")
    return collected(_check(sheet, file), what="tally sheet")


def collected(findings: Iterator[Finding], *, what: str) -> list[Finding]:
    """All of them, or those that were made before the file could not be read on, where they name what is wrong with it.
    Raises Damaged where they do not."""
    found: list[Finding] = []
    try:
        found.extend(findings)
    except Damaged:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as problem:
        if holds(found):
            raise Damaged(f"This {what} is damaged: {problem!r}.") from problem
    return found


def refuse_unknown(terms: Mapping[str, Any]) -> None:
    """Raises Damaged for terms of a kind or a rule that this program cannot judge."""
    unknown = unknown_terms(terms)
    if unknown:
        raise Damaged(f"This program does not know {unknown}, and cannot judge what was voted on under it.")


def recount(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """What the ballots of a sheet come to. A sheet is asked several times, and counted once."""
    refuse_unknown(sheet["terms"])
    return _recounted(json.dumps([sheet[name] for name in ("terms", "options", "ballots", "headcount", "result")]))


@lru_cache(maxsize=1024)
def _recounted(text: str) -> dict[str, Any]:
    terms, options, ballots, headcount, result = json.loads(text)
    return COUNTS[terms["kind"]](Count(
        options=options, settings=terms["settings"], rule=terms["rule"],
        answers=[ballot["answer"] for ballot in ballots], entitled=headcount["entitled"], published=result))


def terms_sha256(terms: Mapping[str, Any]) -> str:
    """The hash of everything that froze; the options' keys are row numbers and are left out of it."""
    content = {**terms, "options": [[option["text"], option["since_round"]] for option in terms["options"]]}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _check(sheet: Mapping[str, Any], file: str) -> Iterator[Finding]:
    poll, terms = name_of(sheet), sheet["terms"]
    refuse_unknown(terms)
    yield check_sheet_shape(sheet, file=file)
    yield check(file, "the terms have their hash", same("terms_sha256", sheet["terms_sha256"], terms_sha256(terms)),
                poll=poll)
    if terms["options"]:
        yield check(file, "the options are the frozen ones", same("options", sheet["options"], terms["options"]),
                    poll=poll)
    yield check(file, "every option was there in its round", since_round(sheet), poll=poll)
    if sheet["ballots"] is None:
        yield from _check_withheld(sheet, file, poll)
        return
    yield check(file, "every ballot has a receipt of its own", _codes(sheet["ballots"]), poll=poll)
    yield check(file, "every ballot could have been cast", _cast(sheet), poll=poll)
    yield check(file, "every ballot says what is counted", _said(sheet), poll=poll)
    yield check(file, "the people add up", _people(sheet), poll=poll)
    # A ballot that could not have been cast cannot be counted either.
    if not any(_cast(sheet)):
        yield from _check_result(sheet, file, poll)


def _check_withheld(sheet: Mapping[str, Any], file: str, poll: str) -> Iterator[Finding]:
    wrong = same("result", sheet["result"], None) + same(
        "withheld as so few ballots", _is_few(sheet["terms"], sheet.get("countable", sheet["withheld"])), True)
    yield check(file, "nothing of a withheld result is shown", wrong, poll=poll)
    yield Finding(file=file, poll=poll, status=Status.WITHHELD, what="withheld, nothing to recount")


def _is_few(terms: Mapping[str, Any], answered: int) -> bool:
    """Whether so many ballots are told to nobody, by the terms of the round: earlier ones promise it of secret ballots
    alone."""
    if terms["secrecy"] == "secret":
        return answered < FEWEST_SECRET
    return terms["secrecy"] == "confidential" and 0 < answered < terms.get("least_told", 0)


def since_round(sheet: Mapping[str, Any]) -> Iterator[Difference]:
    """Options that would have come only after the round that they were voted on in, or in none."""
    for option in sheet["options"]:
        since = option["since_round"]
        if isinstance(since, bool) or not isinstance(since, int) or not 1 <= since <= sheet["round"]:
            yield Difference(where=f"since_round of {option['key']}", said=since, counted=f"1 to {sheet['round']}")


def _codes(ballots: list[Mapping[str, Any]]) -> Iterator[Difference]:
    codes = [ballot["code"] for ballot in ballots]
    for code, times in Counter(codes).items():
        if times > 1:
            yield Difference(where=f"ballots under {code}", said=times, counted=1)
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            yield Difference(where="receipt", said=code, counted="four groups of four letters and digits")
    yield from same("the order of the receipts", codes, sorted(codes))


def _cast(sheet: Mapping[str, Any]) -> Iterator[Difference]:
    terms, keys = sheet["terms"], [option["key"] for option in sheet["options"]]
    for ballot in sheet["ballots"]:
        why = refusal(terms["kind"], ballot["answer"], keys=keys, settings=terms["settings"])
        if why:
            yield Difference(where=f"ballot {ballot['code']}", said=ballot["answer"], counted=why)


def _said(sheet: Mapping[str, Any]) -> Iterator[Difference]:
    terms, options = sheet["terms"], {option["key"]: option["text"] for option in sheet["options"]}
    for ballot in sheet["ballots"]:
        if refusal(terms["kind"], ballot["answer"], keys=list(options), settings=terms["settings"]):
            continue
        counted = words_of(terms["kind"], ballot["answer"], options=options, settings=terms["settings"])
        if ballot["says"] != counted:
            yield Difference(where=f"ballot {ballot['code']}", said=ballot["says"], counted=dict(counted))


def _people(sheet: Mapping[str, Any]) -> Iterator[Difference]:
    room, ballots = sheet["headcount"], sheet["ballots"]
    if len(ballots) > room["entitled"]:
        yield Difference(where="ballots", said=len(ballots), counted=f"at most {room['entitled']} entitled people")
    if room["entitled"] + room["recused"] > room["invited"] or min(room.values()) < 0:
        yield Difference(where="headcount", said=dict(room), counted="entitled and recused among the invited")
    if sheet["terms"]["secrecy"] != "open":
        yield from (Difference(where=f"ballot {ballot['code']}", said=ballot["name"], counted="no name")
                    for ballot in ballots if "name" in ballot)


def _check_result(sheet: Mapping[str, Any], file: str, poll: str) -> Iterator[Finding]:
    published, counted = sheet["result"], recount(sheet)
    if _is_few(sheet["terms"], counted["answered"]) and sheet["terms"].get("least_told"):
        yield check(file, "so few ballots are kept back", same("ballots", counted["answered"], None), poll=poll)
    whole = {name: value for name, value in counted.items() if name != "lines"}
    whole |= {"kind": sheet["terms"]["kind"], "headcount": sheet["headcount"]}
    yield check(file, "the result as a whole", differences(published, whole), poll=poll)
    said = {line["key"]: line for line in published["lines"]}
    for line in counted["lines"]:
        yield check(file, "the result", differences(said.get(line["key"]), line), poll=poll, statement=line["text"])
    yield check(file, "every option has one result, in its place",
                same("options in order", [line["key"] for line in published["lines"]],
                     [line["key"] for line in counted["lines"]]), poll=poll)
    is_by_group = sheet["terms"]["rule"] is not None and asks_groups(sheet["terms"]["rule"])
    yield check(file, "every field of the result is one that is counted", [
        *added(published, whole | {"rule": "", "columns": [], "lines": []}, where="result"),
        *_added_to_lines(published["lines"], counted["lines"], is_by_group=is_by_group)],
        otherwise="a field of the result is none that is counted", poll=poll)
    if is_by_group and any(BY_GROUP in line["figures"] for line in published["lines"]):
        yield Finding(file=file, poll=poll, status=Status.NOT_COUNTED, what=f"figures: {BY_GROUP}")


def _added_to_lines(said: list[Mapping[str, Any]], counted: list[dict[str, Any]], *, is_by_group: bool
                    ) -> Iterator[Difference]:
    """No ballot names its group, so that what each group meets, and whether a verdict hangs on one of it, is said and
    not counted."""
    known: Mapping[str, Mapping[str, Any]] = {line["key"]: line for line in counted}
    for place, line in enumerate(said):
        own = dict(known.get(line["key"], line))
        if is_by_group:
            own |= {"figures": own["figures"] | {BY_GROUP: []},
                    "verdict": own["verdict"] and {"is_fragile": None} | own["verdict"]}
        yield from added(line, own, where=f"result.lines[{place}]")
