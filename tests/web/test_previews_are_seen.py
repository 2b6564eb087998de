"""What is stored after a preview is stored only for whoever names the preview: a form that names none, or another one,
gets it again with what was typed, and nothing is written."""

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from sigforum.extensions import db
from sigforum.summaries import writing
from sigforum.summaries.domain import LineKind, Wording
from sigforum.summaries.drafting import begin_summary
from tests.casting import Cast
from tests.previewing import post_seen, seen_on

LIST = "name,email\nNew Person,new@example.org\n"
LONG = LIST + "".join(f"Person {number},p{number}@example.org\n" for number in range(600))
AGENDA = """Cells that stay

16 June 2026
DAY 1, June 16
Slot 1: Making
1A. Growing cells
Central question: How should cells be grown?
"""


def everything() -> dict[str, list[str]]:
    """Every row of every table."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {table.name: sorted(repr(tuple(row)) for row in connection.execute(table.select()))
                for table in db.metadata.sorted_tables}


@pytest.fixture
def ada(cast: Cast, sign_in) -> FlaskClient:
    """The organizer's browser."""
    browser: FlaskClient = sign_in(cast.person("ada"))
    return browser


FORMS = [("people/invite", "draft", LIST), ("people/invite", "send", LIST), ("people/invite", "draft", LONG),
         ("agenda", "import", AGENDA), ("/meetings/new", "import", AGENDA)]


@pytest.mark.parametrize(("path", "step", "text"), FORMS, ids=["draft", "send", "long list", "agenda", "new meeting"])
@pytest.mark.parametrize("seen", [None, "", "another"])
def test_form_that_names_no_preview_gets_it_and_stores_nothing(
        cast: Cast, ada: FlaskClient, path: str, step: str, text: str, seen: str | None) -> None:
    address = path if path.startswith("/") else f"/meetings/{cast.slug}/{path}"
    data: dict[str, Any] = {"step": step, "text": text, "accepts_losses": "1", "rules_confirmed": "1"}
    before = everything()
    answer = ada.post(address, data=data | ({} if seen is None else {"seen": seen}))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert everything() == before
    typed = re.search(r'<textarea[^>]* name="text"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert typed is not None
    assert html.unescape(typed[1]).replace("\r\n", "\n").strip() == text.strip()
    # The preview is on the page, and what it names is taken.
    named = seen_on(page)
    assert named
    assert ada.post(address, data=data | {"seen": named, "accepts_losses": named}).status_code == 302
    assert everything() != before


def test_mail_to_all_names_those_who_were_shown(cast: Cast, ada: FlaskClient) -> None:
    post_seen(ada, f"/meetings/{cast.slug}/people/invite", {"step": "draft", "text": LIST})
    outbox = f"/meetings/{cast.slug}/people/outbox/invitation"
    shown = ada.get(outbox).get_data(as_text=True)
    words = {"subject": re.findall(r'name="subject"[^>]* value="([^"]*)"', shown)[0],
             "text": re.findall(r'<textarea[^>]* name="text"[^>]*>\n?(.*?)</textarea>', shown, re.DOTALL)[0]}
    words = {name: html.unescape(value) for name, value in words.items()}
    before = everything()
    for data in ({"whom": "all"}, {"whom": "all", **words}, {"whom": "all", "seen": seen_on(shown)}):
        answer = ada.post(f"{outbox}/send", data=data)
        assert (answer.status_code, everything() == before) == (409, True), data
        assert "New Person" in answer.get_data(as_text=True)
    assert ada.post(f"{outbox}/send", data={"whom": "all", "seen": seen_on(shown), **words}).status_code == 302


def test_statements_are_merged_in_the_words_that_were_shown(cast: Cast, sign_in) -> None:
    finn = cast.viewer("finn")
    begin_summary(finn, cast.forum_session().id)
    lines = [writing.write_line(finn, cast.forum_session().id, kind=LineKind.STATEMENT, words=Wording(text=text)).id
             for text in ("First words.", "Second words.")]
    browser, address = sign_in(cast.person("finn")), f"/meetings/{cast.slug}/sessions/1A/summary/merge"
    page = browser.get(address, query_string={"line": lines}).get_data(as_text=True)
    shown = re.findall(r'name="wording" value="(\d+)"', page)
    writing.reword_line(finn, lines[0], words=Wording(text="The opposite."), wording=1)
    before = everything()
    for wording in ([], shown, shown[:1]):
        answer = browser.post(address, data={"line": lines, "wording": wording, "text": "Both of them."})
        assert (answer.status_code, everything() == before) == (409, True), wording
        page = answer.get_data(as_text=True)
        assert "The opposite." in page
        assert "Both of them." in page
    again = re.findall(r'name="wording" value="(\d+)"', page)
    assert again == ["2", "1"]
    assert browser.post(address, data={"line": lines, "wording": again, "text": "Both of them."}).status_code == 302
