"""A text is read back from a table as it was typed, and no program runs it: whatever it begins with."""

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sigforum.audit.actions import record
from sigforum.kernel.text import cell, is_formula
from sigforum.oversight.audit_log import log_csv
from sigforum.summaries import assemble
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.registry import format_named
from sigforum.transaction import transaction
from sigforum.verification.tables import _cell as checked_cell
from sigforum.verification.tables import check_table
from tests.summaries.panel import Panel

STARTS = ("=1", "'=1", "''=1", "' =1", "'\t=1", "-1", "'-1", "'a", "''", "'", "' ", "'@x", "''@x", "'＝1", "a'=1",
          " '=1")
# What may stand before or in it.
SIGNS = st.text(st.sampled_from("'=+-@\t\r\n ,\"a1\u200b＝"), max_size=8)


def typed(text: str) -> str:
    """The text of a cell, by the rule that docs/summaries.md gives."""
    return text[1:] if text.startswith("'") and is_formula(text[1:]) else text


@given(SIGNS)
def test_cell_is_read_back_and_begins_like_no_formula(text: str) -> None:
    assert typed(cell(text)) == text
    assert not cell(text).startswith(("\t", "\r", "\n"))
    assert not cell(text).lstrip("\u200b \t\r\n").startswith(("=", "+", "-", "@", "＝"))
    assert checked_cell(text) == cell(text)


@given(SIGNS, SIGNS)
@example("=1", "'=1")
@example("'=1", "''=1")
def test_two_texts_are_two_cells(one: str, other: str) -> None:
    assert (cell(one) == cell(other)) == (one == other)


@pytest.mark.parametrize("text", STARTS)
def test_tables_give_the_text_back(panel: Panel, text: str) -> None:
    document = assemble.session_summary(panel.forum_session)
    planted = replace(document, meeting=replace(document.meeting, title=text))
    rows = csv.reader(io.StringIO(format_named("csv").write(planted).decode("utf-8-sig"), newline=""))
    assert typed(next(row[5] for row in rows if row[1] == "meeting" and row[4] == "title")) == text
    book = openpyxl.load_workbook(io.BytesIO(format_named("xlsx").write(planted)))
    found = book["Sessions"]["C2"]
    # The library that reads it gives a tab or a line's end back as the file spells it.
    assert (found.data_type, openpyxl.utils.escape.unescape(found.value)) == ("s", text)


@pytest.mark.parametrize("text", STARTS)
def test_table_with_the_text_is_that_of_its_json_and_no_other(panel: Panel, text: str) -> None:
    document = assemble.session_summary(panel.forum_session)
    planted, other = (replace(document, meeting=replace(document.meeting, title=title)) for title in (text, f"'{text}"))
    table = format_named("csv").write(planted)

    def differing(summary: SummaryDocument) -> list[str]:
        return [difference.said for finding in check_table(
            table, json.loads(format_named("json").write(summary)), file="1A.csv", is_complete=True)
            for difference in finding.differences if "title" in difference.where]
    assert differing(planted) == []
    assert differing(other) != [], "an apostrophe more goes unnoticed"


def test_log_keeps_them_apart(panel: Panel) -> None:
    with transaction():
        for text in STARTS:
            record("agenda_imported", meeting_id=panel.cast.meeting_id, actor_id=None, subject=text)
    rows = list(csv.reader(io.StringIO(log_csv(panel.cast.meeting_id).decode("utf-8-sig"), newline="")))
    place = rows[0].index("what")
    assert [typed(row[place]) for row in rows[-1 - len(STARTS):-1]] == list(STARTS)
