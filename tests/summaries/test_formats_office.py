"""Word, slides and workbook, read back by libraries: structure, descriptions, safety, and bytes without a time."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl.utils.escape import unescape
from pptx import Presentation

from sigforum.summaries import assemble
from sigforum.summaries.document.summary import MeetingSummary, SummaryDocument
from sigforum.summaries.formats.docx import FORMAT as DOCX
from sigforum.summaries.formats.pptx import FORMAT as PPTX
from sigforum.summaries.formats.xlsx import FORMAT as XLSX
from tests.summaries.panel import STATEMENTS, Panel, office_text


def word(summary: SummaryDocument | MeetingSummary):
    return Document(io.BytesIO(DOCX.write(summary)))


def deck(summary: SummaryDocument | MeetingSummary):
    return Presentation(io.BytesIO(PPTX.write(summary)))


def book(summary: SummaryDocument | MeetingSummary):
    return openpyxl.load_workbook(io.BytesIO(XLSX.write(summary)))


def titles(slides) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in slides]


@pytest.mark.parametrize("made", [DOCX, PPTX, XLSX], ids=lambda found: found.name)
def test_office_file_holds_the_time_of_its_data_only(panel: Panel, made) -> None:
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    happened = datetime(2026, 6, 16, 14, 3, 7, tzinfo=UTC)
    dated = replace(document, provenance=replace(document.provenance, event_at=happened))
    with zipfile.ZipFile(io.BytesIO(made.write(dated))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        inner = [io.BytesIO(archive.read(name)) for name in archive.namelist() if name.endswith(".xlsx")]
        assert len(inner) == (2 if made is PPTX else 0)
        for one in [archive, *map(zipfile.ZipFile, inner)]:
            stamps = re.findall(rb"<dcterms:\w+[^>]*>([^<]*)<", one.read("docProps/core.xml"))
            assert set(stamps) == {b"2026-06-16T14:03:07Z"}


def test_word_headings_are_styles_in_order(panel: Panel) -> None:
    panel.rate()
    for summary in (assemble.session_summary(panel.forum_session),
                    assemble.meeting_summary(panel.forum_session.meeting)):
        found = word(summary)
        headings = [(int(one.style.name[-1]), one) for one in found.paragraphs if one.style.name.startswith("Heading")]
        chapters = [one.title for one in summary.documents]
        if isinstance(summary, MeetingSummary):
            chapters = ["Across all sessions", *chapters, "Reporting"]
        assert [one.text for level, one in headings if level == 1] == chapters
        assert headings[0][0] == 1
        assert all(lower <= higher + 1 for (higher, _), (lower, _) in pairwise(headings))
        for _, heading in headings:
            assert all(run.bold is run.font.size is run.font.name is None for run in heading.runs)
        has_title = [one.text for one in found.paragraphs if one.style.name == "Title"]
        assert has_title == ([summary.title] if isinstance(summary, MeetingSummary) else [])
        assert found.core_properties.title == f"Summary of {summary.title}"
        assert found.core_properties.language == "en-GB"
        assert found.styles.element.xpath("//w:rPrDefault//w:lang/@w:val") == ["en-GB"]


def test_word_tables_and_charts_can_be_heard(panel: Panel) -> None:
    panel.rate()
    found = word(assemble.session_summary(panel.forum_session))
    # Figures of two statements (fourteen each, in three tables of six at most), groups, priorities, participation, way,
    # answers, provenance, checklist.
    assert len(found.tables) == 13
    for table in found.tables:
        assert table.style.name == "Summary Table"
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert [row._tr.trPr.find(qn("w:tblHeader")) for row in table.rows[1:]] == [None] * (len(table.rows) - 1)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
    assert [shape._inline.docPr.get("descr") for shape in found.inline_shapes] == [
        "Distribution of answers: 0 at 1, 1 at 2, 0 at 3, 0 at 4, 0 at 5, 0 at 6, 3 at 7, 2 at 8, 2 at 9; median 7.5",
        "Distribution of answers: 2 at 1, 1 at 2, 0 at 3, 0 at 4, 1 at 5, 0 at 6, 0 at 7, 1 at 8, 2 at 9; median 5",
        "Flow of participants: 11 invited; 10 accepted; 1 not answered; Where to go, round 1: 9 of 9 entitled answered"]
    ids = found.element.xpath("//wp:docPr/@id")
    assert len(ids) == len(set(ids)) == 3
    captions = [one.text for one in found.paragraphs if one.style.name == "Caption"]
    assert "Distribution of S1. 8 rated." in captions
    drawn = [part.blob for part in found.part.package.iter_parts() if part.partname.endswith(".png")]
    assert all(blob.startswith(b"\x89PNG") for blob in drawn)
    assert len(set(drawn)) == 3


def test_word_sets_markdown_as_words_lists_and_code(panel: Panel) -> None:
    panel.say("p3", "# Not a heading\n\n3. three\n4. four\n\n- point **strong** *soft* `code`\n\n"
                    "[a link](https://example.org/x)\n\n```\nfixed\n```")
    panel.say("p4", "1. one", question=1)
    found = word(assemble.session_summary(panel.forum_session))
    styles = {one.text: one.style.name for one in found.paragraphs}
    assert styles["Not a heading"] == "Response"
    assert (styles["three"], styles["four"], styles["one"]) == ("List Number",) * 3
    assert (styles["point strong soft code"], styles["fixed"]) == ("List Bullet", "Response Code")
    lists = {one.text: one._p.pPr.numPr.numId.val for one in found.paragraphs if one.style.name == "List Number"}
    assert lists["three"] == lists["four"] != lists["one"]
    numbering = found.part.numbering_part.element
    starts = [numbering.num_having_numId(lists[name]).xpath("w:lvlOverride/w:startOverride/@w:val")
              for name in ("three", "one")]
    assert starts == [["3"], ["1"]]
    link = found.element.xpath("//w:hyperlink")[0]
    assert found.part.rels[link.get(qn("r:id"))].target_ref == "https://example.org/x"


def test_slides_are_one_a_statement_with_native_charts(panel: Panel) -> None:
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    slides = deck(document).slides
    assert titles(slides) == ["1A. Making cells", *STATEMENTS, "What comes first", "What was asked",
                              "Who took part", "From invitation to answer", "What the numbers rest on",
                              "Reporting checklist"]
    charts = [shape for slide in slides for shape in slide.shapes if shape.has_chart]
    assert [list(shape.chart.plots[0].series[0].values) for shape in charts] == [
        [step.count for step in line.distribution] for line in document.polls[0].lines]
    assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for slide in slides for shape in slide.shapes
               if shape.has_chart or shape.has_table)
    for slide, line in zip(list(slides)[1:3], document.polls[0].lines, strict=True):
        shown = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert line.verdict is not None
        assert line.verdict.label.capitalize() in shown
        assert next(figure.text for figure in line.figures if figure.key == "high") in shown
        notes = slide.notes_slide.notes_text_frame.text
        for part in (document.provenance.inputs_sha256, document.polls[0].frozen_sha256, document.polls[0].rule):
            assert part in notes


def test_slides_keep_within_their_edges(panel: Panel) -> None:
    panel.rate()
    found = deck(assemble.meeting_summary(panel.forum_session.meeting))
    for slide in found.slides:
        assert slide.shapes.title.text_frame.text
        for shape in slide.shapes:
            assert shape.left >= 0 <= shape.top
            assert shape.left + shape.width <= found.slide_width
            assert shape.top + shape.height <= found.slide_height


def test_unrevealed_poll_has_a_slide_without_a_chart(panel: Panel) -> None:
    panel.rate(until="close")
    slides = deck(assemble.session_summary(panel.forum_session)).slides
    assert titles(slides)[1] == "Where to go"
    assert not any(shape.has_chart for slide in slides for shape in slide.shapes)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_workbook_cells_cannot_become_formulas(panel: Panel, start: str) -> None:
    document = assemble.session_summary(panel.forum_session)
    planted = replace(document, meeting=replace(document.meeting, title=f"{start}HYPERLINK(1)"))
    content = XLSX.write(planted)
    cell = openpyxl.load_workbook(io.BytesIO(content))["Sessions"]["C2"]
    assert cell.data_type == "s"
    assert unescape(cell.value) == f"{start}HYPERLINK(1)"
    # What a spreadsheet keeps as text even when the cell is edited.
    assert cell.quotePrefix == 1
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(openpyxl.load_workbook(io.BytesIO(content)).sheetnames) >= 14
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_workbook_explains_every_column_once(panel: Panel) -> None:
    panel.rate()
    found = book(assemble.meeting_summary(panel.forum_session.meeting))
    explained = [row[:2] for row in found["Codebook"].iter_rows(min_row=2, values_only=True)]
    there = [(page.title, cell.value) for page in found for cell in page[1] if page.title != "Codebook"]
    assert explained == there
    assert len(explained) == len(set(explained))
    assert all(row[3].endswith(".") for row in found["Codebook"].iter_rows(min_row=2, values_only=True))
    for page in found:
        assert page.freeze_panes == "A2"
        assert all(cell.font.bold for cell in page[1])
    assert len(found["Distributions"]._charts) == 2
    assert len(found["Priorities"]._charts) == 1


def test_workbook_keeps_numbers_as_numbers(panel: Panel) -> None:
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    found = book(document)
    head = [cell.value for cell in found["Statements"][1]]
    rows = [dict(zip(head, row, strict=True)) for row in found["Statements"].iter_rows(min_row=2, values_only=True)]
    for row, line in zip(rows, document.polls[0].lines, strict=True):
        assert line.share is not None
        assert (row["share_count"], row["share_total"], row["median"], row["iqr"]) == (
            line.share.count, line.share.total, line.median, line.iqr)
        assert row["share_percent"] == pytest.approx(line.share.percent)
        assert row["text"] == line.text
    assert found["Statements"]["L2"].number_format == "0.0"


@pytest.mark.parametrize("made", [DOCX, PPTX, XLSX], ids=lambda found: found.name)
def test_office_file_takes_any_characters(panel: Panel, made) -> None:
    document = assemble.session_summary(panel.forum_session)
    said = document.questions[0].said[0]
    strange = replace(said, text="a\x0c\x1b\ud800 😀" + "w" * 40_000)
    question = replace(document.questions[0], text="\x0b\x00 q", said=(strange,))
    meeting = replace(document.meeting, title="\x02" * 300)
    written = made.write(replace(document, questions=(question,), meeting=meeting))
    assert "\ufffd" * 20 in office_text(written)
