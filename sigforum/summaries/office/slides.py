"""The summary as slides: one a statement, majority and disagreement in the same size, the source in the notes."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor

from sigforum.consensus.proportions import percent_text
from sigforum.kernel.excerpts import shortened
from sigforum.summaries.blocks import Slide, Table
from sigforum.summaries.document.polls import PollLine, PollSummary
from sigforum.summaries.document.summary import MeetingSummary, Summary, SummaryDocument
from sigforum.summaries.office.archive import newest_moment, settled
from sigforum.summaries.office.slide_charts import add_chart, bars_of_line, bars_of_options
from sigforum.summaries.office.slide_master import INK, SOFT, prepare_master
from sigforum.summaries.office.slide_parts import (
    CHART_WIDTH,
    HEIGHT,
    LEFT,
    MOST_ROWS,
    PANEL_LEFT,
    PANEL_WIDTH,
    TOP,
    WIDTH,
    add_section_slide,
    add_table,
    add_words,
    new_slide,
)
from sigforum.summaries.outline import (
    dates_text,
    is_list_of_options,
    kind_text,
    participation_table,
    provenance_table,
    rounds_texts,
    statement_numbers,
    turnout_text,
)
from sigforum.summaries.rounds_outline import whole_texts
from sigforum.summaries.sections import CLOSING_SECTIONS, MEETING_SECTIONS, SECTIONS
from sigforum.summaries.wording import byline_text, gist, legal_text, place_facts, points_text, unrevealed_text

VERDICT_COLOURS = {"consensus_for": "1D6639", "consensus_against": "9F2A22", "disagreement": "765000",
                   "no_consensus": "3D4A5C", "too_few": "3D4A5C"}
_MOST_TEXTS = 7


def write_slides(summary: Summary) -> bytes:
    """The file."""
    deck: Any = Presentation()
    prepare_master(deck)
    _describe(deck, summary)
    if len(summary.documents) != 1:
        _title_slide(deck, summary.title, [dates_text(summary)], notes="")
    if isinstance(summary, MeetingSummary):
        _whole(deck, (slide for section in MEETING_SECTIONS for slide in section.slides(summary)), summary)
    for document in summary.documents:
        _Session(deck, document).add()
    _whole(deck, (slide for section in CLOSING_SECTIONS for slide in section.slides(summary)), summary)
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


def _whole(deck: Any, slides: Iterable[Slide], summary: Summary) -> None:
    """Slides about all that the file holds."""
    for shown in slides:
        add_section_slide(deck, shown, above=summary.title, source="", meeting=summary.meeting)


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
        own = {"polls": self._polls, "priorities": self._priorities, "questions": self._questions,
               "participation": self._participation, "provenance": self._provenance}
        for section in SECTIONS:
            if section.name in own:
                own[section.name]()
            self._section(section.slides(document))

    def _section(self, slides: Iterable[Slide]) -> None:
        for shown in slides:
            add_section_slide(self._deck, shown, above=self._code, source=self._source(),
                              meeting=self._document.meeting)

    def _polls(self) -> None:
        for poll in self._document.polls:
            self._poll(poll)

    def _participation(self) -> None:
        self._table("Who took part", participation_table(self._document.participation), notes=self._source())

    def _provenance(self) -> None:
        self._table("What the numbers rest on", provenance_table(self._document), notes=self._source())

    def _source(self, poll: PollSummary | None = None) -> str:
        """The notes of a slide: how the numbers came about, and how to check them."""
        about = [] if poll is None else [
            f"{poll.title}. {kind_text(poll)}.",
            f"Rule, declared before the first vote: {poll.rule}" if poll.rule else "",
            poll.earlier_rule, *whole_texts(poll), *rounds_texts(poll, is_frozen=self._document.is_frozen),
            turnout_text(poll.turnout),
            f"Frozen poll: sha256 {poll.frozen_sha256}"]
        found = self._document.provenance
        return "\n".join(filter(None, [
            *about, f"Session {self._document.title}, {self._document.meeting.title}.",
            f"Newest event: number {found.event_number}. Inputs: sha256 {found.inputs_sha256}",
            f"Intervals: 95 %, Wilson score, as if of a random sample. Software: {found.software}"]))

    def _slide(self, title: str, *, above: str, notes: str) -> Any:
        return new_slide(self._deck, title, above=above, notes=notes, meeting=self._document.meeting)

    def _poll(self, poll: PollSummary) -> None:
        above = f"{self._code} · {poll.title}"
        if not poll.is_revealed:
            slide = self._slide(poll.title, above=f"{self._code} · Not revealed", notes=self._source(poll))
            add_words(slide, LEFT, TOP, WIDTH, HEIGHT, [
                (unrevealed_text(self._document), 20, SOFT, False),
                *((f"{number}. {text}", 16, INK, False) for number, text in enumerate(poll.statements, start=1))])
        elif is_list_of_options(poll):
            slide = self._slide(poll.title, above=f"{self._code} · {poll.kind_label}", notes="\n".join([
                *(f"{line.text}: " + ", ".join(f"{figure.label} {figure.text}" for figure in line.figures)
                  for line in poll.lines), self._source(poll)]))
            add_chart(slide, bars_of_options(poll), (LEFT, TOP, CHART_WIDTH, HEIGHT))
            add_words(slide, PANEL_LEFT, TOP, PANEL_WIDTH, HEIGHT, [
                (poll.text, 18, INK, False), (f"{kind_text(poll)}.", 13, SOFT, False),
                (turnout_text(poll.turnout), 13, SOFT, False)])
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
            add_chart(slide, bars, (LEFT, TOP, CHART_WIDTH, HEIGHT))
        elif line.texts:
            more = len(line.texts) - _MOST_TEXTS
            add_words(slide, LEFT, TOP, CHART_WIDTH, HEIGHT, [
                *((f"“{shortened(text, 28)}”", 15, INK, False) for text in line.texts[:_MOST_TEXTS]),
                *([(f"and {more} more, in the notes", 13, SOFT, False)] if more > 0 else [])])
        add_words(slide, PANEL_LEFT, TOP, PANEL_WIDTH, HEIGHT, list(_finding(poll, line)))

    def _priorities(self) -> None:
        found = self._document.priorities
        ranked = [item for item in found.items if item.points] if found and found.is_revealed else []
        if found is None or not ranked:
            return
        shown = ranked[:MOST_ROWS]
        table = Table(
            caption=points_text(self._document), columns=("Rank", "Response", "Points", "Voters", "Most from one"),
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
        add_table(slide, title, table, note=f" {more} more with fewer points, in the notes." if more else "")


def _shares_of_verdict(poll: PollSummary, line: PollLine) -> Iterable[str]:
    """The shares that the verdict rests on: of consensus against the lower third, of a disagreement both ends."""
    word = line.verdict.word if line.verdict is not None else ""
    if poll.scale is not None and line.share is not None and line.distribution and word != "consensus_for":
        low = sum(step.count for step in line.distribution if int(step.step) <= poll.scale.lower_third_to)
        total = line.share.total
        yield f"In the lower third: {low} of {total}" + (f" ({percent_text(low, total)})" if total else "")
    if word != "consensus_against" or poll.scale is None:
        yield from (f"{figure.label}: {figure.text}" for figure in line.figures if figure.key in ("high", "count"))


def _finding(poll: PollSummary, line: PollLine) -> Iterable[tuple[str, float, RGBColor, bool]]:
    """What the rule said and the numbers, largest first; a disagreement as large as a consensus."""
    if line.verdict is not None:
        colour = RGBColor.from_string(VERDICT_COLOURS[line.verdict.word])
        yield line.verdict.label.capitalize(), 28, colour, True
    for share in _shares_of_verdict(poll, line):
        yield share, 18, INK, True
    others = [f"{figure.label} {figure.text}" for figure in line.figures if figure.key not in ("high", "count")]
    yield " · ".join(others), 14, SOFT, False
    if line.verdict is not None:
        yield line.verdict.because, 13, SOFT, False
        yield line.verdict.fragility, 13, SOFT, False
