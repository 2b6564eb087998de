"""The report as a Word file: what each part is, is said by its style, so that a journal can restyle it at once."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm
from docx.text.paragraph import Paragraph as WordParagraph

from sigforum.summaries.blocks import Block, Bullets, Chart, Heading, Paragraph, Quote, Speech, Table
from sigforum.summaries.document.summary import Summary
from sigforum.summaries.drawing import described, picture
from sigforum.summaries.office.archive import newest_moment, settled
from sigforum.summaries.office.word_styles import (
    ANSWER,
    ATTRIBUTION,
    BALLOT,
    CODE,
    CODE_WORDS,
    EYEBROW,
    FINE,
    LEAD,
    MINORITY,
    MINORITY_BYLINE,
    SPEECH,
    TABLE,
    TABLE_TEXT,
    VERDICT,
    prepare_styles,
)
from sigforum.summaries.outline import dates_text
from sigforum.summaries.sections import chapters
from sigforum.summaries.speech import Piece, pieces
from sigforum.summaries.wording import legal_text

_LOOKS = {"body": "Body Text", "lead": LEAD, "answer": ANSWER, "verdict": VERDICT, "fine": FINE}
_LISTS = {"bullet": "List Bullet", "number": "List Number"}
_CHART_WIDTH = Cm(8.6)
# A4 without its margins.
_TEXT_WIDTH = Mm(162)


def write_word(summary: Summary) -> bytes:
    """The file. A meeting begins with a title and its forum sessions follow, each on a new page."""
    word: Any = Document()
    prepare_styles(word)
    moment = newest_moment(summary)
    _describe(word, summary)
    _page(word, summary)
    if len(summary.documents) != 1:
        word.add_paragraph(legal_text(summary.title), style="Title")
        word.add_paragraph(dates_text(summary), style="Subtitle")
    writer = _Writer(word)
    for place, chapter in enumerate(chapters(summary)):
        writer.add(chapter.blocks, starts_page=len(summary.documents) != 1 or place > 0)
    out = io.BytesIO()
    word.save(out)
    return settled(out.getvalue(), moment)


def _describe(word: Any, summary: Summary) -> None:
    """The document's properties; the moments are set by settled()."""
    properties = word.core_properties
    properties.title = legal_text(f"Summary of {summary.title}")[:255]
    properties.subject = legal_text(summary.meeting.title)[:255]
    properties.author = legal_text(summary.meeting.title)[:255]
    properties.last_modified_by = ""
    properties.comments = "Sample data: invented people, invented discussion." if summary.meeting.is_sample else ""
    properties.keywords = legal_text(", ".join(dict.fromkeys(
        word for document in summary.documents for word in document.forum_session.modalities)))[:255]
    properties.language = "en-GB"
    properties.created = properties.modified = newest_moment(summary).replace(tzinfo=None)
    properties.revision = 1


def _page(word: Any, summary: Summary) -> None:
    """A4 with the meeting above and page numbers below."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin, section.bottom_margin = Mm(26), Mm(24)
    section.header.paragraphs[0].text = legal_text(summary.meeting.title)
    foot = section.footer.paragraphs[0]
    foot.text = "sigforum summary" + (", sample data" if summary.meeting.is_sample else "") + "\t\t"
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")


def _field(paragraph: WordParagraph, instruction: str) -> None:
    """A number that Word counts itself."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


class _Writer:
    """Appends blocks to the end of the file."""

    def __init__(self, word: Any) -> None:
        self._word = word
        # Looking a style up by its name reads all styles each time, which took most of the making of a file.
        self._styles = {style.name: style for style in word.styles}
        self._ids = {name: style.style_id for name, style in self._styles.items()}
        self._list: Any = None
        self._next_number = 0

    def add(self, blocks: Iterable[Block], *, starts_page: bool) -> None:
        """Append the blocks in order."""
        for block in blocks:
            if isinstance(block, Heading):
                found = self._new(f"Heading {block.level}", block.text)
                if block.level == 1 and starts_page:
                    found.paragraph_format.page_break_before = True
            elif isinstance(block, Bullets):
                self._bullets(block)
            elif isinstance(block, Paragraph):
                self._paragraph(block)
            elif isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Chart):
                self._chart(block)
            elif isinstance(block, Quote):
                self._quote(block)
            else:
                self._speech(block)

    def _bullets(self, block: Bullets) -> None:
        for number, item in enumerate(block.items, start=1):
            found = self._new("List Number" if block.is_numbered else "List Bullet", item)
            if block.is_numbered:
                self._count(found, number)

    def _new(self, style: str, text: str = "") -> WordParagraph:
        found: WordParagraph = self._word.add_paragraph()
        found._p.style = self._ids[style]
        if text:
            found.add_run(legal_text(text))
        return found

    def _strong(self, paragraph: WordParagraph, text: str) -> None:
        paragraph.add_run(legal_text(text))._r.style = self._ids["Strong"]

    def _paragraph(self, block: Paragraph) -> None:
        style = EYEBROW if block.label == "" and " · " in block.text and block.look == "fine" else _LOOKS[block.look]
        if block.label and block.look == "fine":
            style = BALLOT
        found = self._new(style)
        if block.label:
            self._strong(found, block.label)
            found.add_run(" ")
        found.add_run(legal_text(block.text))

    def _table(self, block: Table) -> None:
        self._new("Caption", block.caption).paragraph_format.keep_with_next = True
        table = self._word.add_table(rows=0, cols=max(len(block.columns), 1), style=TABLE)
        _set_widths(table, block)
        self._row(table, block, block.columns)
        _repeat_header(table.rows[0])
        for row in block.rows:
            self._row(table, block, row)
        _look(table, has_total=block.has_total, has_names=0 in block.words)
        _describe_table(table, block.caption)
        self._new(FINE)

    def _chart(self, block: Chart) -> None:
        figure = self._new("Body Text")
        figure.paragraph_format.keep_with_next = True
        drawn = figure.add_run().add_picture(io.BytesIO(picture(block.svg)),
                                              width=_TEXT_WIDTH if block.is_wide else _CHART_WIDTH)
        properties = drawn._inline.docPr
        properties.set("descr", described(block.svg))
        properties.set("title", block.caption)
        properties.set("name", f"Chart {properties.id}")
        self._new("Caption", block.caption)
        if block.is_wide:
            self._table(block.numbers)

    def _quote(self, block: Quote) -> None:
        for piece in pieces(block.text):
            self._runs(self._new(MINORITY), piece)
        self._new(MINORITY_BYLINE, block.byline)

    def _speech(self, block: Speech) -> None:
        indent = Cm(0.8 * block.depth)
        head = self._new(ATTRIBUTION)
        self._strong(head, block.byline)
        head.add_run(legal_text(f" · {block.when}" + (f". {block.note}" if block.note else "")))
        self._indent(head, ATTRIBUTION, indent)
        if block.said.state != "standing":
            return
        for piece in pieces(block.said.text):
            style = CODE if piece.kind == "code" else _LISTS.get(piece.kind, SPEECH)
            found = self._new(style)
            if piece.kind == "number":
                self._count(found, piece.number)
            self._indent(found, style, indent + Cm(0.6 * piece.depth))
            self._runs(found, piece)

    def _indent(self, paragraph: WordParagraph, style: str, more: int) -> None:
        """Deeper than the style has it; replies stand under what they answer."""
        if more:
            paragraph.paragraph_format.left_indent = (self._styles[style].paragraph_format.left_indent or 0) + more

    def _runs(self, paragraph: WordParagraph, piece: Piece) -> None:
        for run in piece.runs:
            if run.text == "\n":
                paragraph.add_run().add_break()
                continue
            found: Any = paragraph.add_run(legal_text(run.text))
            found.bold = True if "strong" in run.looks else None
            found.italic = True if "emphasis" in run.looks else None
            found.font.strike = True if "struck" in run.looks else None
            if "code" in run.looks:
                found._r.style = self._ids[CODE_WORDS]
            if run.address:
                _link(paragraph, found, run.address)

    def _row(self, table: Any, block: Table, cells: Sequence[str]) -> None:
        row = table.add_row()._tr
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, (cell, text) in enumerate(zip(row.tc_lst, cells, strict=True)):
            paragraph = WordParagraph(cell.p_lst[0], table)
            paragraph._p.style = self._ids[TABLE_TEXT]
            paragraph.add_run(legal_text(text))
            if place not in block.words:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _count(self, paragraph: Any, number: int) -> None:
        """Put a paragraph into the numbered list it belongs to. Left alone, Word would count on from the
        list before."""
        if number != self._next_number:
            numbering = self._word.part.numbering_part.element
            style = self._word.styles["List Number"].element.pPr.numPr.numId.val
            self._list = numbering.add_num(numbering.num_having_numId(style).abstractNumId.val)
            self._list.add_lvlOverride(ilvl=0).add_startOverride(number)
        self._next_number = number + 1
        paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = self._list.numId


def _link(paragraph: WordParagraph, words: Any, address: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(legal_text(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    words.font.underline = True
    link.append(words._r)
    paragraph._p.append(link)


def _repeat_header(row: Any) -> None:
    """The header row is said to be one, and stands again where the table goes on on the next page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _set_widths(table: Any, block: Table) -> None:
    """Columns share the page by the length of what stands in them; long texts give way and wrap."""
    weights = []
    for place, name in enumerate(block.columns):
        longest = max((len(row[place]) for row in block.rows), default=0)
        # Past a few words a column can wrap; only whole sentences get more of the page than names.
        shown = 60 if longest > 120 else min(longest, 30)
        weights.append(max(shown, *(len(word) for word in name.split()), 4) + 5)
    table.autofit = False
    for weight, column in zip(weights, table.columns, strict=False):
        column.width = int(_TEXT_WIDTH * weight / sum(weights))


def _look(table: Any, *, has_total: bool, has_names: bool) -> None:
    """Which parts of the table style hold: the header row, a last row of totals, a first column of names."""
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is None:
        look = OxmlElement("w:tblLook")
        table._tbl.tblPr.append(look)
    for name, is_on in (("firstRow", True), ("lastRow", has_total), ("firstColumn", has_names), ("lastColumn", False),
                        ("noHBand", True), ("noVBand", True)):
        look.set(qn(f"w:{name}"), "1" if is_on else "0")
    look.attrib.pop(qn("w:val"), None)


def _describe_table(table: Any, words: str) -> None:
    """What the table shows, for those who hear the document."""
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), legal_text(words)[:250])
    table._tbl.tblPr.append(title)
