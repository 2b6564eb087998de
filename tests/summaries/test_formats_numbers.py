"""The same numbers in every format, read back from each file and compared with the one document."""

import io
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest
from docx import Document
from lxml import etree
from pptx import Presentation

from sigforum.summaries import assemble
from sigforum.summaries.document.polls import Figure, Step
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.outline import MOST_FIGURES
from sigforum.summaries.registry import format_named
from tests.summaries.panel import Panel, readable

Rows = list[list[str]]


def word_tables(content: bytes) -> list[Rows]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(io.BytesIO(content)).tables]


def jats_tables(content: bytes) -> list[Rows]:
    return [[["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
            for table in etree.fromstring(content).iter("table")]


def slide_tables(content: bytes) -> list[Rows]:
    return [[[cell.text for cell in row.cells] for row in shape.table.rows]
            for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes if shape.has_table]


def html_tables(content: bytes) -> list[Rows]:
    return [[["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
            for table in etree.HTML(content.decode()).iter("table")]


def workbook_tables(content: bytes) -> list[Rows]:
    return [[["–" if cell is None else str(cell) for cell in row] for row in page.iter_rows(values_only=True)]
            for page in openpyxl.load_workbook(io.BytesIO(content))]


READERS: dict[str, Callable[[bytes], list[Rows]]] = {
    "docx": word_tables, "jats": jats_tables, "pptx": slide_tables, "html": html_tables, "xlsx": workbook_tables}


def read(name: str, document: SummaryDocument) -> Rows:
    """Every row of every table of a file."""
    return [row for table in READERS[name](format_named(name).write(document)) for row in table]


@pytest.mark.parametrize("name", READERS)
def test_format_counts_participants_and_points_alike(panel: Panel, name: str) -> None:
    document = assemble.session_summary(panel.forum_session)
    rows = [row[1:] if name == "xlsx" else row for row in read(name, document)]
    counts = document.participation
    everyone = ["All", *map(str, (counts.invited, counts.accepted, counts.posted, counts.responses, counts.replies))]
    # A workbook's row goes on with what became of those who did not accept.
    people = [row[:6] for row in rows]
    assert everyone in people
    for group in counts.groups:
        assert [group.label, *map(str, (group.invited, group.accepted, group.posted, group.responses,
                                        group.replies))] in people
    assert document.priorities is not None
    laid = [tuple(map(str, (item.rank, item.points, item.voters, item.largest_single)))
            for item in document.priorities.items if item.points]
    assert len(set(laid)) == len(laid) == 3
    found = {(row[2], *row[3:]) if name == "xlsx" else (row[0], *row[2:]) for row in rows}
    assert [one for one in laid if one not in found] == []


@pytest.mark.parametrize("name", ["docx", "jats", "xlsx"])
def test_format_prints_every_figure_of_every_statement(panel: Panel, name: str) -> None:
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    rows = read(name, document)
    for line in document.polls[0].lines:
        if name == "xlsx":
            for figure in line.figures:
                assert any(row[2:5:2] == [line.key, figure.label] and row[-1] == figure.text for row in rows)
            steps = [[step.step, str(step.count)] for step in line.distribution]
            assert [row[-2:] for row in rows if row[2] == line.key and row[4] == line.text and len(row) == 7] == steps
        else:
            # A page of words is six numbers wide.
            figures = [figure.text for figure in line.figures]
            assert all(figures[start:start + MOST_FIGURES] in rows for start in range(0, len(figures), MOST_FIGURES))
    if name == "jats":
        assert ["People", *(str(step.count) for step in document.polls[0].lines[0].distribution)] in rows


@pytest.mark.parametrize("rule", ["role", "chatham"])
@pytest.mark.parametrize("name", READERS)
def test_format_withholds_what_the_attribution_rule_withholds(panel: Panel, name: str, rule: str) -> None:
    panel.attribute(rule)
    document = assemble.session_summary(panel.forum_session)
    rows = [row[1:] if name == "xlsx" else row for row in read(name, document)]
    assert document.participation.groups
    for group in document.participation.groups:
        shown = ["–" if value is None else str(value) for value in (group.posted, group.responses, group.replies)]
        assert shown[0] == "–"
        assert [group.label, str(group.invited), str(group.accepted), *shown] in [row[:6] for row in rows]


@pytest.mark.parametrize("name", READERS)
def test_format_writes_polls_of_every_shape(panel: Panel, name: str) -> None:
    """Options side by side, words alone, answers off a scale, nothing at all: as the other kinds of poll have it."""
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    poll, line = document.polls[0], document.polls[0].lines[0]
    order = Figure(key="borda", label="Borda points", value=7.5, text="7.5")
    bare = replace(line, distribution=(), share=None, median=None, verdict=None, figures=())
    shapes = {
        "options": tuple(replace(one, distribution=(), verdict=None, figures=(order,)) for one in poll.lines),
        "words": (replace(bare, texts=tuple(f"=answer {number}" for number in range(12))),),
        "answers": (replace(bare, distribution=(Step(step="Yes", count=3), Step(step="No", count=0))),), "none": ()}
    polls = tuple(replace(poll, key=key, title=f"Poll of {key}", scale=None, rule="", lines=lines)
                  for key, lines in shapes.items())
    written = format_named(name).write(replace(document, polls=polls, priorities=None))
    text = readable(written, format_named(name).extension)
    for words in (*(one.title for one in polls), "7.5", "=answer 11", "Yes"):
        assert words in text
