"""Every field of every data file of a bundle, one after the other: a change is found by the other files, or the list of
what the signature alone protects has it."""

import csv
import io
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from sigforum.verification.findings import Status
from sigforum.verification.interim import check_interim
from sigforum.verification.sheet import Damaged, check_sheet
from sigforum.verification.tables import check_table
from tests.thorough import IS_THOROUGH, some
from tests.verification.test_random_changes import bundle, places, seal, wrong

assert bundle
DOCS = Path(__file__).parents[2] / "docs" / "verification.md"
DATA = {"-summary.json": "summary", "/tally-": "sheet", "/interim-": "interim sheet", "manifest.json": "manifest"}
EARLIER = "earlier sheet"


def listed() -> dict[str, list[str]]:
    """What docs/verification.md says that the signature alone protects, as patterns by kind of file."""
    section = DOCS.read_text("utf-8").partition("## What the signature alone protects")[2].partition("\n## ")[0]
    found: dict[str, list[str]] = {}
    for kind, fields in re.findall(r"^\| ([a-z ]+) \| (.+?) \|", section, re.MULTILINE):
        found.setdefault(kind, []).extend(re.findall(r"`([^`]+)`", fields))
    return found


def changes(value: Any) -> Iterator[Any]:
    """Other values of that kind: of a list one that lost, doubled or turned round its entries."""
    if isinstance(value, list):
        yield from (value[:-1], [*value, value[-1]])
        if value != value[::-1]:
            yield value[::-1]
    elif value is None:
        yield from ("something", "2026-06-16T09:00:00+00:00")
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value + 1
    elif re.match(r"20\d\d-\d\d-\d\d", value):
        # Another moment: what is none is found by its form.
        yield f"19{value[2:]}"
    else:
        yield f"{value} not"


def changed(content: bytes, seen: set[str]) -> Iterator[tuple[str, Any]]:
    """The content with one change, once for each name of a field that was not `seen` yet."""
    whole = json.loads(content)
    for path in places(whole):
        place = ".".join("#" if isinstance(name, int) else name for name in path)
        if place in seen:
            continue
        seen.add(place)
        box = whole
        for name in path[:-1]:
            box = box[name]
        before = box[path[-1]]
        for after in changes(before):
            box[path[-1]] = after
            yield place, whole
        box[path[-1]] = before


def is_found_alone(kind: str, content: Any, files: dict[str, bytes], path: str) -> bool:
    """Whether the file itself, or its table, says so: quicker than the whole bundle."""
    try:
        if kind == "sheet":
            found = check_sheet(content, file=path)
        elif kind == "interim sheet":
            found = check_interim(content, file=path)
        elif kind == "summary":
            found = check_table(files[path.removesuffix(".json") + ".csv"], content, file=path, is_complete=True)
        else:
            return False
    except (Damaged, LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        return True
    return any(one.status is Status.DIFFERS for one in found)


def is_earlier(path: str, bundle: dict[str, bytes]) -> bool:
    """Whether a sheet is of a round after which another one was held: a summary gives less of those."""
    name, _, number = path.removesuffix(".json").rpartition("-")
    return number.isdecimal() and f"{name}-{int(number) + 1}.json" in bundle


def missed_fields(bundle: dict[str, bytes], kind: str) -> set[str]:
    missed: set[str] = set()
    own, is_before = ("sheet", True) if kind == EARLIER else (kind, False)
    marks = [mark for mark, name in DATA.items() if name == own]
    seen: tuple[set[str], set[str]] = (set(), set())
    for path in sorted(path for path in bundle if any(mark in path for mark in marks) and path.endswith(".json")
                       and is_earlier(path, bundle) == is_before):
        # Of priorities a summary says other things than of polls.
        is_points = json.loads(bundle[path]).get("terms", {}).get("kind") == "points"
        for place, content in some(changed(bundle[path], seen[is_points]), one_in=4):
            if is_found_alone(own, content, bundle, path):
                continue
            files = bundle | {path: (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()}
            seal(files, signed=True)
            if files[path] != bundle[path] and not wrong(files):
                missed.add(place)
    return missed


@pytest.mark.parametrize("kind", [*sorted(set(DATA.values())), EARLIER])
def test_every_field_is_found_or_listed(bundle: dict[str, bytes], kind: str) -> None:
    patterns, missed = listed().get(kind, []), missed_fields(bundle, kind)
    assert [place for place in sorted(missed) if not any(fnmatchcase(place, one) for one in patterns)] == []
    # A list that says too much would hide what comes later. Who looked at a part has not missed all that it names.
    assert not IS_THOROUGH or [one for one in patterns if not any(fnmatchcase(place, one) for place in missed)] == []


def test_every_cell_of_every_kind_of_row_is_found(bundle: dict[str, bytes]) -> None:
    seen, missed = set(), []
    for path in sorted(path for path in bundle if path.endswith(".csv")):
        rows = list(csv.reader(io.StringIO(bundle[path].decode("utf-8-sig"), newline="")))
        document = json.loads(bundle[path.removesuffix(".csv") + ".json"])
        for place, row in enumerate(rows):
            what = (row[1], row[4] if row[1] != "further" else re.sub(r"[a-z]?\d+", "#", f"{row[2]} {row[4]}"))
            if what in seen:
                continue
            seen.add(what)
            others = [[], [row, row], *([[*row[:column], f"{row[column]} not", *row[column + 1:]]]
                                        for column in range(6))]
            for other in some(others, one_in=8, start=len(seen)):
                out = io.StringIO()
                csv.writer(out).writerows([*rows[:place], *other, *rows[place + 1:]])
                found = check_table(out.getvalue().encode(), document, file=path, is_complete=True)
                if all(one.status is not Status.DIFFERS for one in found):
                    missed.append((path, row, other))
    assert missed == []
