"""Lists as people copy and keep them: taken in as they were meant, or refused by the row, and nothing is lost."""

import html
import io
import re
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from sigforum.extensions import db
from sigforum.people import queries
from tests.casting import Cast
from tests.previewing import post_seen

PEOPLE = frozenset(("ada", "finn", "gus", "ben", "cyn", "olu", "dov", "rex"))


@pytest.fixture
def send(cast: Cast, sign_in):
    """Uploads or pastes a list as ada, who organizes; gives the status and the words of the page."""
    browser = sign_in(cast.person("ada"))

    def post(given: str | bytes, step: str = "draft") -> tuple[int, str]:
        fields: dict[str, Any] = {"step": step, "text": given}
        if isinstance(given, bytes):
            fields = {"step": step, "file": (io.BytesIO(given), "list")}
        answer = post_seen(browser, f"/meetings/{cast.slug}/people/invite", fields,
                           content_type="multipart/form-data")
        page = html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))
        return answer.status_code, " ".join(page.split())
    return post


def taken(cast: Cast) -> dict[str, str]:
    """Names of those who were not there before, by address."""
    db.session.rollback()
    known = {cast.person(name).email for name in PEOPLE}
    return {found.person.email: found.shown_name for found in queries.members(cast.meeting_id)
            if found.person.email not in known}


@pytest.mark.parametrize("cell", [
    "new@example.org", "NEW@Example.ORG", "Nora New <new@example.org>", "<new@example.org>", "mailto:new@example.org",
    "MAILTO:new@example.org?subject=Hello%20you", '"New, Nora" <new@example.org>;', "new@example.org.",
    "new@example.org\u00a0", "\u00a0 new@example.org \u200b", "new@example.org;", "new@example.org,",
    "'new@example.org'", "new@example.org<mailto:new@example.org>", "\ufeffnew@example.org", "new@exam\u00adple.org"])
def test_address_is_read_out_of_what_stands_around_it(cast: Cast, send, cell: str) -> None:
    quoted = cell.replace('"', '""')
    status, page = send(f'name,email\nNora New,"{quoted}"\n', "preview")
    assert (status, "new@example.org" in page) == (200, True)
    assert send(f'name,email\nNora New,"{quoted}"\n')[0] == 302
    assert taken(cast) == {"new@example.org": "Nora New"}


@pytest.mark.parametrize("row", [",Nora New <new@example.org>", "Nora New <new@example.org>,",
                                 '"New, Nora <new@example.org>",new@example.org', ',"""New, Nora"" <new@example.org>"'])
def test_name_beside_an_address_is_the_name(cast: Cast, send, row: str) -> None:
    assert send(f"name,email\n{row}\n")[0] == 302
    assert taken(cast) == {"new@example.org": "Nora New"}


@pytest.mark.parametrize("cell", ["one@example.org; two@example.org", "one@example.org two@example.org", "mailto:",
                                  "Nora <one@example.org> <two@example.org>", "one@example.org <two@example.org>",
                                  "Nora New", "<>", "new@", "new＠example.org"])
def test_cell_with_no_or_two_addresses_is_refused_by_its_row(cast: Cast, send, cell: str) -> None:
    status, page = send(f"name,email\nNora New,{cell}\nOther,other@example.org\n")
    assert status == 422
    assert f"'{cell}' is not an e-mail address." in page
    assert taken(cast) == {}


@pytest.mark.parametrize("address", ["a@b..org", "a@-b.org", "a@b.org/x", "a@b_c.org", "a@b.o!"])
def test_host_that_cannot_be_is_refused_by_its_row(cast: Cast, send, address: str) -> None:
    status, page = send(f"name,email\nNora New,{address}\n")
    assert (status, f"'{address}' is not an e-mail address." in page) == (422, True)


def test_quotation_mark_that_is_not_closed_swallows_nobody(cast: Cast, send) -> None:
    status, page = send('name,email,affiliation\nOne,one@example.org,"Works\nTwo,two@example.org,"Lab"\n')
    assert status == 422
    assert "is a quotation mark not closed?" in page
    assert taken(cast) == {}


@pytest.mark.parametrize("column", ["affiliation", "stakeholder group", "name"])
def test_cell_that_is_too_long_is_refused_and_told(cast: Cast, send, column: str) -> None:
    status, page = send(f"email,name,{column}\nnew@example.org,New,{'x' * 201}\n" if column != "name" else
                        f"email,name\nnew@example.org,{'x' * 201}\n")
    assert (status, f"{column}: At most 200 characters." in page) == (422, True)


def test_host_in_letters_and_in_ascii_is_one_address(cast: Cast, send) -> None:
    twice = "name,email\nZoë,z@münchen.example\nZoë,Z@xn--mnchen-3ya.example\n"
    status, page = send(twice)
    assert (status, "The same address stands in line 2." in page) == (422, True)
    assert send("name,email\nZoë,z@MÜNCHEN.example\n")[0] == 302
    assert send("name,email\nZoë Roe,z@xn--mnchen-3ya.example\n")[0] == 302
    assert taken(cast) == {"z@münchen.example": "Zoë Roe"}


@pytest.mark.parametrize("text", [
    'Roe, Jane <jane@example.org>; "Ohm, Zoë (Ext)" <zoe@example.org>; Smith, MD <smith@example.org>;',
    'Jane Roe <jane@example.org>\nZoë Ohm (Ext) <zoe@example.org>\n\n"Smith, MD" <smith@example.org>\n',
    '"Jane Roe" <jane@example.org>, Zoë Ohm (Ext) <mailto:zoe@example.org>, "Smith, MD" <smith@example.org>'])
def test_list_copied_from_a_mail_needs_no_columns(cast: Cast, send, text: str) -> None:
    assert send(text)[0] == 302
    assert taken(cast) == {"jane@example.org": "Jane Roe", "zoe@example.org": "Zoë Ohm (Ext)",
                           "smith@example.org": "Smith, MD"}


def test_what_is_no_address_in_such_a_list_is_a_row_that_needs_mending(cast: Cast, send) -> None:
    status, page = send("Roe, Jane <jane@example.org>; somebody else; bare@example.org")
    assert status == 422
    assert "Line 2, email: 'somebody else' is not an e-mail address." in page
    assert "Line 3, name: A name is needed." in page
    assert taken(cast) == {}


HEAD, ROW = "Name;E-Mail;Company;", "Nora New;new@example.org;Here, or there;"


@pytest.mark.parametrize("given", [
    f"sep=;\n{HEAD}\n{ROW}\n", f"\ufeff{HEAD}\r\n{ROW}\r\n".encode(), f"{HEAD}\r{ROW}\r".encode(),
    f"{HEAD};;\n{ROW};;\n;;;;;\n", f"{HEAD}\n{ROW}\n".encode("utf-16"), f"\n \n{HEAD}\n{ROW}\n",
    f"sep=;\r\n{HEAD}\r\n{ROW}".encode("utf-8-sig"), f"{HEAD}\n{ROW}\n".replace(";", "\t").encode("utf-16"),
    f"{HEAD}\n{ROW}\n".replace(";", "\t"), f"{HEAD}\n{ROW}\n".replace(";", "|"),
    f'sep=,\n{HEAD.replace(";", ",")}\n"Nora\n New", "new@example.org", "Here,\nor there",\n'],
    ids=["sep", "bom", "old mac", "trailing", "utf-16", "blank before", "bom and sep", "utf-16 tabs", "tabs", "bars",
         "quoted breaks"])
def test_whatever_wrote_the_file_it_is_read(cast: Cast, send, given: str | bytes) -> None:
    assert send(given)[0] == 302
    assert taken(cast) == {"new@example.org": "Nora New"}
    found = queries.person_by_email("new@example.org")
    assert found is not None
    assert found.affiliation == "Here, or there"


def test_line_of_a_wrong_row_is_the_line_in_the_file(cast: Cast, send) -> None:
    assert "Line 4, email" in send("sep=;\n\nname;email\nNora;none\n")[1]


def test_old_workbook_is_named(cast: Cast, send) -> None:
    assert "This is an old workbook (.xls)." in send(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)[1]


def workbook(rows: list[list[tuple[Any, str]]], merge: str = "") -> bytes:
    """A workbook of these cells, each with its format."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["name", "email", "affiliation", "stakeholder group", "sessions"])
    for number, row in enumerate(rows, start=2):
        for place, (value, number_format) in enumerate(row, start=1):
            sheet.cell(number, place, value).number_format = number_format
    if merge:
        sheet.merge_cells(merge)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


@pytest.mark.parametrize(("value", "number_format", "shown"), [
    (7, "000", "007"), (7.0, "General", "7"), (0.125, "0%", "13%"), (0.5, "0 %", "50 %"), (1.1, "0.00", "1.10"),
    (3, '"WG "0', "WG 3"), (1234567, "#,##0", "1,234,567"), (0.1 + 0.2, "General", "0.3"), (True, "General", "TRUE"),
    (date(2027, 1, 2), "d-mmm", "2027-01-02"), (5, "00000;[Red]-00000", "00005"), (12.5, "0.##", "12.5"),
    (-5, "000", "-5"), (8, "@", "8")])
def test_cell_of_a_workbook_is_read_as_it_is_shown(cast: Cast, send, value, number_format: str, shown: str) -> None:
    data = workbook([[("Nora New", "General"), ("new@example.org", "General"), ("Here", "General"),
                      (value, number_format)]])
    assert f" {shown} participant " in send(data, "preview")[1]
    assert send(data)[0] == 302
    db.session.rollback()
    found = queries.membership(queries.person_by_email("new@example.org").id, meeting_id=cast.meeting_id)
    assert found.stakeholder_group == shown


def test_session_that_a_spreadsheet_took_for_a_date_is_refused_and_told(cast: Cast, send) -> None:
    status, page = send(workbook([[("Nora", "General"), ("new@example.org", "General"), ("", "General"),
                                   ("", "General"), (date(2027, 2, 1), "d-mmm")]]))
    assert status == 422
    assert "There is no session 2027-02-01. The spreadsheet made a date of what was typed" in page


def test_merged_cell_counts_for_all_its_rows(cast: Cast, send) -> None:
    rows = [[(cell, "General") for cell in row] for row in (
        ["One", "one@example.org", "Meridian"], ["Two", "two@example.org"], ["Three", "three@example.org"])]
    assert send(workbook(rows, "C2:C3"))[0] == 302
    db.session.rollback()
    assert {found.person.name: found.shown_affiliation for found in queries.members(cast.meeting_id)
            if found.person.name in ("One", "Two", "Three")} == {"One": "Meridian", "Two": "Meridian", "Three": ""}
