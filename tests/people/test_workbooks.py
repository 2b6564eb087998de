"""Lists from workbooks: read like CSV, and nothing unpacks to more than a list can be."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from sigforum.kernel.errors import Invalid
from sigforum.people import workbooks
from sigforum.people.forms import parse_invitations
from sigforum.people.workbooks import is_workbook, workbook_text

HEADER = ("Full Name", "E-Mail", "Company", "Group", "Role", "Sessions")


def book(*rows: Sequence[Any]) -> bytes:
    """A workbook whose first sheet holds these rows, and a second sheet beside it."""
    made = Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(list(row))
    made.create_sheet("Notes").append(["Nobody reads this"])
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same archive with its parts changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, change(name, before.read(name)))
    return written.getvalue()


def test_first_sheet_is_read_with_every_odd_cell() -> None:
    data = book(HEADER, ["O'Brien, \"Shiv\"", "o'brien+sig@example.org", "A\nB", None, "observer", "1A 1B"],
                [], ["李 小龍", " LI@Example.org ", 2026, 3.0, None, None],
                ["مريم علي", "m@example.org", date(2026, 6, 1)])
    assert is_workbook(data)
    rows = parse_invitations(workbook_text(data), codes={"1A": 1, "1B": 2}).rows
    assert [(row.line, row.values["name"], row.values["email"], row.values["affiliation"]) for row in rows] == [
        (2, "O'Brien, \"Shiv\"", "o'brien+sig@example.org", "A B"), (4, "李 小龍", "LI@Example.org", "2026"),
        (5, "مريم علي", "m@example.org", "2026-06-01")]
    assert [row.errors for row in rows] == [{}, {}, {}]
    assert rows[0].person is not None
    assert rows[0].person.forum_session_ids == {1, 2}
    assert rows[1].values["stakeholder group"] == "3"


def test_formula_gives_its_last_value_and_is_never_computed() -> None:
    data = book(HEADER, ["=1+1", "new@example.org"])
    rows = parse_invitations(workbook_text(data), codes={}).rows
    # No spreadsheet program has computed it, so there is no value.
    assert rows[0].errors == {"name": "A name is needed."}


def test_line_of_a_row_is_its_number_in_the_sheet() -> None:
    rows = parse_invitations(workbook_text(book(HEADER, [], ["A", "wrong"], [], [], ["B", "also"])), codes={}).rows
    assert [row.line for row in rows] == [3, 6]


@pytest.mark.parametrize("change", [
    lambda name, data: b"no xml" if name.endswith("sheet1.xml") else data,
    lambda name, data: b"" if name == "xl/workbook.xml" else data,
    lambda name, data: data.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'),
])
def test_broken_or_hostile_parts_are_refused_in_words(change: Callable[[str, bytes], bytes]) -> None:
    with pytest.raises(Invalid, match="cannot be read as a workbook"):
        workbook_text(repacked(book(HEADER, ["A", "a@example.org"]), change))


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + b"\xff" * 500, book(HEADER)[:900]])
def test_cut_archives_are_refused_in_words(data: bytes) -> None:
    with pytest.raises(Invalid, match="cannot be read as a workbook"):
        workbook_text(data)


def test_archive_that_is_no_workbook_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("people.csv", "name,email\nA,a@example.org")
    with pytest.raises(Invalid, match="cannot be read as a workbook"):
        workbook_text(written.getvalue())


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (workbooks.MOST_BYTES + 1))
    assert len(written.getvalue()) < 100_000
    with pytest.raises(Invalid, match="too large"):
        workbook_text(written.getvalue())
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(workbooks.MOST_PARTS + 1):
            archive.writestr(f"part{number}.xml", "")
    with pytest.raises(Invalid, match="too large"):
        workbook_text(many.getvalue())


def test_sheet_that_claims_a_million_rows_is_read_to_its_limit() -> None:
    def far(name: str, data: bytes) -> bytes:
        return data.replace(b'r="3"', b'r="1048576"').replace(b'"A3"', b'"A1048576"').replace(
            b'"B3"', b'"B1048576"') if name.endswith("sheet1.xml") else data
    text = workbook_text(repacked(book(HEADER, ["A", "a@example.org"], ["Far", "far@example.org"]), far))
    assert "a@example.org" in text
    assert "far@example.org" not in text
