"""What a workbook hides is not invited silently, errors of a spreadsheet are no names, and no address holds signs that
nobody sees."""

import html
import io

import pytest
from openpyxl import Workbook

from sigforum.extensions import db
from sigforum.people import queries
from sigforum.people.models import OutgoingMail
from tests.casting import Cast
from tests.previewing import post_seen


@pytest.fixture
def send(cast: Cast, sign_in):
    """Sends a list as ada, as a file or as text."""
    browser = sign_in(cast.person("ada"))

    def post(book: Workbook | str, *, step: str):
        if isinstance(book, str):
            data = {"step": step, "text": book}
        else:
            written = io.BytesIO()
            book.save(written)
            data = {"step": step, "text": "", "file": (io.BytesIO(written.getvalue()), "people.xlsx")}
        answer = post_seen(browser, f"/meetings/{cast.slug}/people/invite", data)
        return answer, html.unescape(answer.get_data(as_text=True))
    return post


def book(*rows: list[str]) -> Workbook:
    """A workbook with these rows below a header."""
    made = Workbook()
    assert made.active is not None
    for row in (["name", "email", "affiliation"], *rows):
        made.active.append(row)
    return made


def hide_row(made: Workbook) -> None:
    made.worksheets[0].row_dimensions[3].hidden = True


def hide_sheet(made: Workbook) -> None:
    made.create_sheet("now").append(["name", "email"])
    made["now"].append(["Seen", "seen@example.org"])
    made.worksheets[0].sheet_state = "hidden"
    made.active = 1


def very_hide_sheet(made: Workbook) -> None:
    hide_sheet(made)
    made.worksheets[0].sheet_state = "veryHidden"


@pytest.mark.parametrize("hide", [hide_row, hide_sheet, very_hide_sheet])
def test_what_is_hidden_is_left_out_and_told(cast: Cast, send, hide) -> None:
    made = book(["Seen", "seen@example.org", ""], ["Hidden", "hidden@example.org", ""])
    hide(made)
    answer, page = send(made, step="preview")
    assert answer.status_code == 200
    send(made, step="draft")
    assert queries.person_by_email("hidden@example.org") is None
    assert queries.person_by_email("seen@example.org") is not None
    assert "What is hidden is not invited." in page


def test_hidden_column_is_left_out_and_told(cast: Cast, send) -> None:
    made = book(["Seen", "seen@example.org", "Old house"])
    made.worksheets[0].column_dimensions["C"].hidden = True
    page = send(made, step="preview")[1]
    send(made, step="draft")
    person = queries.person_by_email("seen@example.org")
    assert person is not None
    invited = queries.membership(person.id, meeting_id=cast.meeting_id)
    assert (invited.invited_affiliation or person.affiliation) == ""
    assert "Hidden columns are left out: affiliation." in page


@pytest.mark.parametrize("value", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#NV", "#BEZUG!"])
def test_error_value_of_a_spreadsheet_is_no_name(cast: Cast, send, whole_database, value: str) -> None:
    before = whole_database()
    answer, page = send(f"name,email\n{value},new@example.org\n", step="draft")
    assert (answer.status_code, whole_database()) == (422, before)
    assert f"'{value}' is an error value of the spreadsheet." in page


INVISIBLE = ["zoe@example.org\u200b", "zoe@example.org.", "\u202azoe@example.org\u202c", "zoe\u2060@example.org",
             "z\u00adoe@example.org", "\u2066zoe@example.org\u2069", "\ufeffzoe@example.org"]


@pytest.mark.parametrize("typed", INVISIBLE)
def test_signs_that_nobody_sees_are_no_part_of_an_address(cast: Cast, send, app, typed: str) -> None:
    assert send(f"name,email\nZoe,{typed}\n", step="draft")[0].status_code == 302
    assert queries.person_by_email("zoe@example.org") is not None
    answer = app.test_client().post("/sign-in", data={"email": typed})
    assert answer.status_code == 302
    mails = [mail for mail in db.session.query(OutgoingMail) if mail.template == "sign_in"]
    assert [mail.person.email for mail in mails] == ["zoe@example.org"]


@pytest.mark.parametrize("name", ["\u200b", "\u2060\u00ad", "\u3164", "\u2800"])
def test_name_with_nothing_to_see_is_refused(send, whole_database, name: str) -> None:
    before = whole_database()
    answer, _ = send(f"name,email\n{name},new@example.org\n", step="draft")
    assert (answer.status_code, whole_database()) == (422, before)
    assert "A name is needed." in send(f"name,email\n{name},new@example.org\n", step="preview")[1]
