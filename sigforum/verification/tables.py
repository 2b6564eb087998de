"""The CSV of a summary against its JSON: every row that the one has to have because the other says so."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sigforum.verification.findings import Difference, Finding, check, same
from sigforum.verification.sheet import Damaged
from sigforum.verification.table_rows import FURTHER, Row, further_rows, section_rows

COLUMNS = ["session", "section", "item", "part_of", "measure", "value"]
# What no table can hold stands as a replacement character in newer files, and as it is in older ones.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What a spreadsheet may run: a sign, whatever blanks and invisible characters stand before it, or a tab or line end.
_FORMULA = re.compile("'*(?:[\\s\x00-\x20\x7f-\xa0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*"
                      "[=+\\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]|[\t\r\n])")
_LARGEST_CELL, _LARGEST_ROW, _MOST_CELLS = 10_000_000, 20_000_000, 100
# Rows beyond those of the JSON; older bundles have some thousands at most.
MOST_OTHERS = 100_000
_POLL = ("title", "kind", "state", "visibility", "secrecy", "is_revealed", "rule", "frozen_sha256")
_ROUND = ("opened_at", "closed_at", "revealed_at", "answered", "entitled", "late", "had_feedback", "terms_sha256")
_PRIORITIES = ("state", "is_revealed", "budget", "per_item", "frozen_sha256")
_ITEM = ("rank", "points", "voters", "largest_single")
_SAID = ("state", "name", "affiliation", "group", "posted_at", "text", "revision", "is_edited", "answered_wording")
_QUESTION = ("text", "is_central", "is_retired", "responses", "replies", "withdrawn")


def check_table(content: bytes, document: Mapping[str, Any], *, file: str, is_complete: bool = False) -> list[Finding]:
    """That the table has the JSON's rows and no other; where `is_complete`, the JSON's every word has one. Raises
    Damaged for what is no table."""
    code = document["forum_session"]["code"]
    wanted = [*_rows(document), *section_rows(document), *(further_rows(document) if is_complete else ())]
    # What stands in the file has its apostrophes already; the earlier form is compared without any.
    cell, as_read = (_cell, _without_controls) if is_complete else (_loose_cell, _loose_cell)
    lines = [(cell(code), *map(cell, row)) for row in wanted if row[-1] not in (None, "")]
    expected = Counter(lines)
    read = _read(content, expected, as_read)
    findings = [check(file, "the columns", same("columns", read.columns, COLUMNS))]
    wrong = [Difference(where=_place(row), said="(missing)", counted=row[-1]) for row in read.missing]
    wrong += [Difference(where=_place(row), said=row[-1] if row else "", counted="(no such row in the JSON)")
              for row in read.others if is_complete or row[1:2] != (FURTHER,)]
    findings.append(check(file, f"{sum(expected.values())} rows are those of the JSON", wrong,
                          otherwise="the table and the JSON do not say the same"))
    if is_complete and not wrong:
        findings.append(check(file, "the rows stand in the order of the JSON", _order(read.said, lines),
                              otherwise="the rows do not stand in the order of the JSON"))
    if not is_complete and any(row[1:2] == (FURTHER,) for row in (*read.others, *read.said)):
        findings.append(check(
            file, "", [Difference(where=f"section {FURTHER}", said="there", counted="only in bundles that are signed")],
            otherwise="the table is of a signed bundle, and no manifest of that form could be read"))
    return findings


@dataclass
class _Table:
    """What a table holds: the rows that the JSON says as well, in their order; those that it does not, each once; and
    those that it says and that are not there."""

    columns: list[str] = field(default_factory=list)
    said: list[tuple[str, ...]] = field(default_factory=list)
    others: Counter[tuple[str, ...]] = field(default_factory=Counter)
    missing: Counter[tuple[str, ...]] = field(default_factory=Counter)


def _read(content: bytes, expected: Counter[tuple[str, ...]], as_read: Callable[[str], str]) -> _Table:
    """The table row by row. What the JSON does not say is kept up to a number of rows, so that no table takes more
    memory than the JSON beside it lets expect. Raises Damaged for what is no table, or one of that kind."""
    csv.field_size_limit(_LARGEST_CELL)
    found, left = _Table(), Counter(expected)
    try:
        for place, row in enumerate(_rows_of(content)):
            if place == 0:
                found.columns = row
                continue
            if len(row) > _MOST_CELLS:
                raise Damaged(f"A row of the table has {len(row):,} cells; at most {_MOST_CELLS} are read.")
            cells = tuple(map(as_read, row))
            if left[cells] > 0:
                left[cells] -= 1
                found.said.append(cells)
                continue
            found.others[cells] += 1
            if len(found.others) > MOST_OTHERS:
                raise Damaged(f"The table has more than {MOST_OTHERS:,} rows that the JSON does not say; no more are "
                              "read.")
    except (UnicodeDecodeError, csv.Error) as problem:
        raise Damaged(f"This table cannot be read: {problem}.") from problem
    found.missing = +left
    return found


def _rows_of(content: bytes) -> Iterator[list[str]]:
    """Every row, none of which is longer than a row of a report can be, also where it goes on over many lines."""
    text, read = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline=""), 0

    def lines() -> Iterator[str]:
        nonlocal read
        while line := text.readline(_LARGEST_ROW + 1):
            read += len(line)
            if read > _LARGEST_ROW:
                raise Damaged(f"A row of the table has more than {_LARGEST_ROW:,} characters; no more are read.")
            yield line

    for row in csv.reader(lines(), strict=True):
        read = 0
        yield row


def _order(said: list[tuple[str, ...]], wanted: list[tuple[str, ...]]) -> Iterator[Difference]:
    """Things of one section stand in their order, and values of one name as well; sections and names may change
    places."""
    for length in (2, 5):
        there = _in_order(said, length)
        for key, values in _in_order(wanted, length).items():
            if there.get(key) != values:
                yield Difference(where=" ".join(key[1:]), said="another order", counted="the order of the JSON")


def _in_order(rows: list[tuple[str, ...]], length: int) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    found: dict[tuple[str, ...], dict[Any, None]] = {}
    for place, row in enumerate(rows):
        # Of a section the things in it, each once; of a name all its values.
        found.setdefault(row[:length], {})[row[2:4] if length == 2 else (row[5], place)] = None
    return {key: [one[:1] if length == 5 else one for one in values] for key, values in found.items()}


def _place(row: tuple[str, ...]) -> str:
    return " ".join(row[1:5])


def _cell(value: Any) -> str:
    """A value as its cell has it. An apostrophe keeps a spreadsheet from running words as a formula; elsewhere it is
    one of the words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    # A number stands as it is, with its minus too.
    is_formula = isinstance(value, str) and _FORMULA.match(text)
    return ("'" if is_formula else "") + _without_controls(text)


def _without_controls(text: str) -> str:
    return _CONTROLS.sub("\ufffd", text)


def _loose_cell(value: Any) -> str:
    """The same for tables of the form before bundles were signed: an apostrophe before words says nothing there."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _CONTROLS.sub("\ufffd", str(value).removeprefix("'"))


def _rows(document: Mapping[str, Any]) -> Iterator[Row]:
    meeting, forum_session = document["meeting"], document["forum_session"]
    yield from (("meeting", meeting["slug"], "", name, value) for name, value in meeting.items())
    for name, value in forum_session.items():
        yield "forum_session", forum_session["code"], "", name, "; ".join(value) if isinstance(value, list) else value
    for question in document["questions"]:
        yield from _question(question)
    for poll in document["polls"]:
        yield from _poll(poll)
    if document["priorities"] is not None:
        yield from _priorities(document["priorities"])
    for name, value in document["participation"].items():
        if name != "groups":
            yield "participation", "all", "", name, value
    for group in document["participation"]["groups"]:
        yield from (("participation", group["label"], "all", name, value) for name, value in group.items()
                    if name != "label")
    yield from (("provenance", "", "", name, value) for name, value in document["provenance"].items())


def _question(question: Mapping[str, Any]) -> Iterator[Row]:
    key, reasons = question["key"], question["hidden_reasons"]
    for name in _QUESTION:
        yield "question", key, "", name, question[name]
    yield from (("question", key, "", "earlier_wording", wording) for wording in question["earlier_wordings"])
    yield from (("question", key, "", "hidden_reason", reason) for reason in reasons)
    yield "question", key, "", "hidden", len(reasons)
    for said in question["said"]:
        yield from _said(said, "response", key)


def _said(said: Mapping[str, Any], section: str, part_of: str) -> Iterator[Row]:
    for name in _SAID:
        yield section, said["key"], part_of, name, said[name]
    for reply in said["replies"]:
        yield from _said(reply, "reply", said["key"])


def _poll(poll: Mapping[str, Any]) -> Iterator[Row]:
    key = poll["key"]
    for name in _POLL:
        yield "poll", key, "", name, poll[name]
    for name, value in (poll["scale"] or {}).items():
        yield "poll", key, "", f"scale_{name}", value
    for name, value in poll["turnout"].items():
        yield "poll", key, "", name, value
    for asked in poll["rounds"]:
        for name in _ROUND:
            yield "round", f"{key}-{asked['number']}", key, name, asked[name]
    for number, made in enumerate(poll["deviations"], start=1):
        yield from (("deviation", f"{key}-d{number}", key, name, value) for name, value in made.items())
    for moved in poll["movements"]:
        yield "movement", f"{key}-{moved['to_round']}", key, moved["text"], moved["words"]
    for line in poll["lines"]:
        yield from _line(line, key)


def _line(line: Mapping[str, Any], poll: str) -> Iterator[Row]:
    key = line["key"]
    for name in ("text", "answered"):
        yield "statement", key, poll, name, line[name]
    for figure in line["figures"]:
        # An interval is two numbers, which stand with the share.
        if not isinstance(figure["value"], list):
            yield "statement", key, poll, figure["key"], figure["value"]
    share = "upper_third" if any(figure["key"] == "high" for figure in line["figures"]) else "share"
    for name, value in (line["share"] or {}).items():
        yield "statement", key, poll, f"{share}_{name}", value
    for name, value in (line["verdict"] or {}).items():
        yield "statement", key, poll, f"verdict_{name}", value
    for step in line["distribution"]:
        yield "distribution", key, poll, step["step"], step["count"]
    for text in line["texts"]:
        yield "statement", key, poll, "text_answer", text


def _priorities(priorities: Mapping[str, Any]) -> Iterator[Row]:
    key = priorities["key"]
    for name in _PRIORITIES:
        yield "priorities", key, "", name, priorities[name]
    for name, value in priorities["turnout"].items():
        yield "priorities", key, "", name, value
    for item in priorities["items"]:
        for name in _ITEM:
            yield "priority", item["key"], key, name, item[name]
