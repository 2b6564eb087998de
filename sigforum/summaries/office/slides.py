"""The summary as slides: one a statement, majority and disagreement in the same size, the source in the notes."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches, Pt

from sigforum.summaries.document import PollLine, PollSummary, Summary, SummaryDocument
from sigforum.summaries.office.archive import newest_moment, settled
from sigforum.summaries.office.slide_charts import add_chart, bars_of_line, bars_of_options
from sigforum.summaries.office.slide_master import FAINT, INK, PETROL, SOFT, prepare_master
from sigforum.summaries.outline import (
    Table,
    dates_text,
    is_list_of_options,
    kind_text,
    participation_table,
    points_text,
    provenance_table,
    rounds_texts,
    statement_numbers,
    turnout_text,
)
from sigforum.summaries.wording import byline_text, gist, legal_text, place_facts

VERDICT_COLOURS = {"consensus_for": "1D6639", "consensus_against": "9F2A22", "disagreement": "765000",
                   "no_consensus": "3D4A5C", "too_few": "3D4A5C"}
_LEFT, _WIDTH, _TOP = Inches(0.65), Inches(12.03), Inches(2.2)
_CHART_WIDTH, _PANEL_LEFT, _PANEL_WIDTH = Inches(7.3), Inches(8.35), Inches(4.33)
_HEIGHT = Inches(4.4)
# More rows would be too small to read from a chair; the workbook and the report have all.
_MOST_ROWS = 8
_MOST_TEXTS = 7


def write_slides(summary: Summary) -> bytes:
    """The file."""
    deck: Any = Presentation()
    prepare_master(deck)
    _describe(deck, summary)
    if len(summary.documents) != 1:
        _title_slide(deck, summary.title, [dates_text(summary)], notes="")
    for document in summary.documents:
        _Session(deck, document).add()
    out = io.BytesIO()
    deck.save(out)
    return settled(out.getvalue(), newest_moment(summary))


def _describe(deck: Any, summary: Summary) -> None:
    """The file's properties; the moments are set by settled()."""
    properties = deck.core_properties
    properties.title = legal_text(f"Summary of {summary.title}")[:255]
    properties.subject = properties.author = legal_text(summary.meeting.title)[:255]
    properties.last_modified_by, properties.language, properties.revision = "", "en-GB", 1
    properties.comments = "Sample data: invented people, invented discussion." if summary.meeting.is_sample else ""
    properties.created = properties.modified = newest_moment(summary).replace(tzinfo=None)


def _title_slide(deck: Any, title: str, lines: Sequence[str], *, notes: str) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text_frame.text = legal_text(title)
    frame = slide.placeholders[1].text_frame
    frame.text = legal_text("\n".join(line for line in lines if line))
    if notes:
        slide.notes_slide.notes_text_frame.text = legal_text(notes)


class _Session:
    """The slides of one forum session."""

    def __init__(self, deck: Any, document: SummaryDocument) -> None:
        self._deck, self._document = deck, document
        self._code = document.forum_session.code
        self._numbers = statement_numbers(document)

    def add(self) -> None:
        """Append them: title, results poll by poll, priorities, participation, provenance."""
        document = self._document
        sample = "Sample data: invented people, invented discussion." if document.meeting.is_sample else ""
        asked = document.central_question.text if document.central_question else ""
        _title_slide(self._deck, document.title, [
            asked, " · ".join(filter(None, [document.meeting.title, *place_facts(document.forum_session)])), sample],
            notes=self._source())
        for poll in document.polls:
            self._poll(poll)
        self._priorities()
        self._questions()
        self._table("Who took part", participation_table(document.participation), notes=self._source())
        self._table("What the numbers rest on", provenance_table(document), notes=self._source())

    def _source(self, poll: PollSummary | None = None) -> str:
        """The notes of a slide: how the numbers came about, and how to check them."""
        about = [] if poll is None else [
            f"{poll.title}. {kind_text(poll)}.",
            f"Rule, declared before the first vote: {poll.rule}" if poll.rule else "",
            *rounds_texts(poll), turnout_text(poll.turnout), f"Frozen poll: sha256 {poll.frozen_sha256}"]
        found = self._document.provenance
        return "\n".join(filter(None, [
            *about, f"Session {self._document.title}, {self._document.meeting.title}.",
            f"Newest event: number {found.event_number}. Inputs: sha256 {found.inputs_sha256}",
            f"Intervals: 95 %, Wilson score. Software: {found.software}"]))

    def _slide(self, title: str, *, above: str, notes: str) -> Any:
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[1])
        frame = slide.shapes.title.text_frame
        text = legal_text(title)
        frame.text = text if len(text) <= 330 else text[:329] + "…"
        if len(text) > 120:
            frame.paragraphs[0].runs[0].font.size = Pt(22 if len(text) <= 200 else 17)
        _words(slide, _LEFT, Inches(0.38), _WIDTH, Inches(0.35), [(above, 13, PETROL, True)])
        foot = f"{self._document.meeting.title}" + (" · sample data" if self._document.meeting.is_sample else "")
        _words(slide, _LEFT, Inches(6.95), Inches(10.5), Inches(0.3), [(foot, 10.5, FAINT, False)])
        _slide_number(slide, len(self._deck.slides))
        slide.notes_slide.notes_text_frame.text = legal_text(notes if len(text) <= 330 else f"{title}\n{notes}")
        return slide

    def _poll(self, poll: PollSummary) -> None:
        above = f"{self._code} · {poll.title}"
        if not poll.is_revealed:
            slide = self._slide(poll.title, above=f"{self._code} · Not revealed", notes=self._source(poll))
            _words(slide, _LEFT, _TOP, _WIDTH, _HEIGHT, [
                ("The result is not revealed.", 20, SOFT, False),
                *((f"{number}. {text}", 16, INK, False) for number, text in enumerate(poll.statements, start=1))])
        elif is_list_of_options(poll):
            slide = self._slide(poll.title, above=f"{self._code} · {poll.kind_label}", notes="\n".join([
                *(f"{line.text}: " + ", ".join(f"{figure.label} {figure.text}" for figure in line.figures)
                  for line in poll.lines), self._source(poll)]))
            add_chart(slide, bars_of_options(poll), (_LEFT, _TOP, _CHART_WIDTH, _HEIGHT))
            _words(slide, _PANEL_LEFT, _TOP, _PANEL_WIDTH, _HEIGHT, [
                (poll.text, 18, INK, False), (turnout_text(poll.turnout), 13, SOFT, False)])
        else:
            for line in poll.lines:
                self._statement(poll, line, above=above)

    def _statement(self, poll: PollSummary, line: PollLine, *, above: str) -> None:
        label = f"S{self._numbers[f'{poll.key} {line.key}']}"
        figures = "; ".join(f"{figure.label}: {figure.text}" for figure in line.figures)
        slide = self._slide(line.text, above=f"{above} · {label}", notes="\n".join(
            [f"{label}. {figures}.", *(f"“{text}”" for text in line.texts), self._source(poll)]))
        bars = bars_of_line(poll, line)
        if bars is not None:
            add_chart(slide, bars, (_LEFT, _TOP, _CHART_WIDTH, _HEIGHT))
        elif line.texts:
            more = len(line.texts) - _MOST_TEXTS
            _words(slide, _LEFT, _TOP, _CHART_WIDTH, _HEIGHT, [
                *((f"“{gist(text)}”", 15, INK, False) for text in line.texts[:_MOST_TEXTS]),
                *([(f"and {more} more, in the notes", 13, SOFT, False)] if more > 0 else [])])
        _words(slide, _PANEL_LEFT, _TOP, _PANEL_WIDTH, _HEIGHT, list(_finding(line)))

    def _priorities(self) -> None:
        found = self._document.priorities
        ranked = [item for item in found.items if item.points] if found and found.is_revealed else []
        if found is None or not ranked:
            return
        shown = ranked[:_MOST_ROWS]
        table = Table(
            caption=points_text(found), columns=("Rank", "Response", "Points", "Voters", "Most from one"),
            rows=tuple((str(item.rank), gist(item.text, 18), str(item.points), str(item.voters),
                        str(item.largest_single)) for item in shown), words=frozenset({1}))
        authors = {said.key: byline_text(said) for question in self._document.questions for said in question.said}
        notes = [f"{item.rank}. {gist(item.text)} ({authors.get(item.key, 'taken back since')}): {item.points} points "
                 f"from {item.voters}, at most {item.largest_single} from one." for item in ranked]
        self._table("What comes first", table, notes="\n".join([*notes, self._source()]),
                    more=len(ranked) - len(shown))

    def _questions(self) -> None:
        """What was asked, and how much was answered; why something is hidden stands in the notes."""
        asked = self._document.questions
        table = Table(
            caption="Questions of the session, and the responses that stand.",
            columns=("Question", "Responses", "Replies"),
            rows=tuple((one.text, str(one.responses), str(one.replies)) for one in asked))
        notes = [f"Hidden by a facilitator: {reason}" for one in asked for reason in one.hidden_reasons]
        self._table("What was asked", table, notes="\n".join([*notes, self._source()]))

    def _table(self, title: str, table: Table, *, notes: str, more: int = 0) -> None:
        slide = self._slide(title, above=self._code, notes=notes)
        text = table.caption + (f" {more} more with fewer points, in the notes." if more else "")
        _words(slide, _LEFT, Inches(1.62), _WIDTH, Inches(0.45), [(text, 14, SOFT, False)])
        rows = table.rows if len(table.rows) <= 2 * _MOST_ROWS else (*table.rows[:2 * _MOST_ROWS - 1], table.rows[-1])
        frame = slide.shapes.add_table(len(rows) + 1, len(table.columns), _LEFT, _TOP, _WIDTH,
                                       Inches(0.42) * (len(rows) + 1))
        frame._element.nvGraphicFramePr.cNvPr.set("descr", legal_text(f"{title}. {table.caption}"))
        native = frame.table
        native.last_row = table.has_total
        native.first_col = 0 in table.words
        for column, width in zip(native.columns, _widths(table), strict=True):
            column.width = width
        size = 13 if len(rows) <= 10 else 11
        for number, row in enumerate([table.columns, *rows]):
            for place, value in enumerate(row):
                _cell(native.cell(number, place), value, size=size, is_number=place not in table.words)


def _finding(line: PollLine) -> Iterable[tuple[str, float, RGBColor, bool]]:
    """What the rule said and the numbers, largest first; a disagreement as large as a consensus."""
    if line.verdict is not None:
        colour = RGBColor.from_string(VERDICT_COLOURS[line.verdict.word])
        yield line.verdict.label.capitalize(), 28, colour, True
    for figure in line.figures:
        if figure.key in ("high", "count"):
            yield f"{figure.label}: {figure.text}", 18, INK, True
    others = [f"{figure.label} {figure.text}" for figure in line.figures if figure.key not in ("high", "count")]
    yield " · ".join(others), 14, SOFT, False
    if line.verdict is not None:
        yield line.verdict.because, 13, SOFT, False
        yield line.verdict.fragility, 13, SOFT, False


def _words(slide: Any, left: int, top: int, width: int, height: int,
           lines: Sequence[tuple[str, float, RGBColor, bool]]) -> None:
    """Lines of text: words, size, colour, whether bold."""
    frame = slide.shapes.add_textbox(left, top, width, height).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = 0
    shown = [line for line in lines if line[0]]
    for place, (text, size, colour, is_bold) in enumerate(shown):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = legal_text(text)
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), is_bold, colour
        paragraph.space_after = Pt(8)


def _slide_number(slide: Any, number: int) -> None:
    frame = slide.shapes.add_textbox(Inches(11.7), Inches(6.95), Inches(0.98), Inches(0.3)).text_frame
    frame.margin_right = frame.margin_top = 0
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    paragraph._p.append(parse_xml(
        f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
        f'<a:rPr lang="en-GB" sz="1050"><a:solidFill><a:srgbClr val="{FAINT}"/></a:solidFill></a:rPr>'
        f'<a:t>{number}</a:t></a:fld>'))


def _cell(cell: Any, text: str, *, size: float, is_number: bool) -> None:
    frame = cell.text_frame
    frame.text = legal_text(text)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
    for run in paragraph.runs:
        run.font.size = Pt(size)


def _widths(table: Table) -> list[int]:
    """Columns share the slide by the length of what stands in them."""
    weights = [min(max([len(row[place]) for row in table.rows] + [len(name), 6]), 90)
               for place, name in enumerate(table.columns)]
    return [int(_WIDTH * weight / sum(weights)) for weight in weights]
