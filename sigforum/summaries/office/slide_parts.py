"""The parts that slides are made of: title, words, table, picture, number."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches, Pt

from sigforum.summaries.blocks import Block, Bullets, Chart, Paragraph, Quote, Slide, Table
from sigforum.summaries.document.facts import MeetingFacts
from sigforum.summaries.drawing import described, picture
from sigforum.summaries.office.slide_master import FAINT, INK, PETROL, SOFT
from sigforum.summaries.wording import gist, legal_text

LEFT, WIDTH, TOP = Inches(0.65), Inches(12.03), Inches(2.2)
CHART_WIDTH, PANEL_LEFT, PANEL_WIDTH = Inches(7.3), Inches(8.35), Inches(4.33)
HEIGHT = Inches(4.4)
# More rows would be too small to read from a chair; the workbook and the report have all.
MOST_ROWS = 8
# A line of words: text, size, colour, whether bold.
Line = tuple[str, float, RGBColor, bool]


def new_slide(deck: Any, title: str, *, above: str, notes: str, meeting: MeetingFacts) -> Any:
    """A slide with its title; one too long is cut and stands whole in the notes."""
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    frame = slide.shapes.title.text_frame
    text = legal_text(title)
    frame.text = text if len(text) <= 330 else text[:329] + "…"
    if len(text) > 120:
        frame.paragraphs[0].runs[0].font.size = Pt(22 if len(text) <= 200 else 17)
    add_words(slide, LEFT, Inches(0.38), WIDTH, Inches(0.35), [(above, 13, PETROL, True)])
    foot = f"{meeting.title}" + (" · sample data" if meeting.is_sample else "")
    add_words(slide, LEFT, Inches(6.95), Inches(10.5), Inches(0.3), [(foot, 10.5, FAINT, False)])
    _slide_number(slide, len(deck.slides))
    slide.notes_slide.notes_text_frame.text = legal_text(notes if len(text) <= 330 else f"{title}\n{notes}")
    return slide


def add_section_slide(deck: Any, shown: Slide, *, above: str, source: str, meeting: MeetingFacts) -> None:
    """A slide that a section brings: a drawing, or a table, or texts one under the other."""
    slide = new_slide(deck, shown.title, above=above, meeting=meeting,
                      notes="\n".join(filter(None, [shown.notes, source])))
    for block in shown.blocks:
        if isinstance(block, Chart):
            _picture(slide, block)
            return
        if isinstance(block, Table):
            add_table(slide, shown.title, block)
            return
    add_words(slide, LEFT, TOP, WIDTH, HEIGHT, [line for block in shown.blocks for line in _lines(block)])


def add_table(slide: Any, title: str, table: Table, *, note: str = "") -> None:
    """A native table under its caption, with as many rows as can be read."""
    add_words(slide, LEFT, Inches(1.62), WIDTH, Inches(0.45), [(table.caption + note, 14, SOFT, False)])
    rows = table.rows if len(table.rows) <= 2 * MOST_ROWS else (*table.rows[:2 * MOST_ROWS - 1], table.rows[-1])
    height = min(Inches(0.42) * (len(rows) + 1), HEIGHT)
    frame = slide.shapes.add_table(len(rows) + 1, len(table.columns), LEFT, TOP, WIDTH, height)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", legal_text(f"{title}. {table.caption}"))
    native = frame.table
    native.last_row = table.has_total
    native.first_col = 0 in table.words
    for column, width in zip(native.columns, _widths(table), strict=True):
        column.width = width
    size = 13 if len(rows) <= 9 else 10
    for number, row in enumerate([table.columns, *rows]):
        for place, value in enumerate(row):
            _cell(native.cell(number, place), value, size=size, is_number=place not in table.words)


def _picture(slide: Any, chart: Chart) -> None:
    """A drawing as large as the slide allows."""
    drawn = slide.shapes.add_picture(io.BytesIO(picture(chart.svg)), LEFT, TOP)
    factor = min(WIDTH / drawn.width, HEIGHT / drawn.height)
    drawn.width, drawn.height = int(drawn.width * factor), int(drawn.height * factor)
    drawn._element.nvPicPr.cNvPr.set("descr", legal_text(described(chart.svg)))
    add_words(slide, LEFT, Inches(1.62), WIDTH, Inches(0.45), [(chart.caption, 14, SOFT, False)])


def _lines(block: Block) -> Iterator[Line]:
    if isinstance(block, Paragraph):
        size = 20 if block.look in ("lead", "answer", "verdict") else 14 if block.look == "fine" else 16
        yield block.label, size, INK, True
        yield block.text, size, SOFT if block.look == "fine" else INK, False
    elif isinstance(block, Bullets):
        for item in block.items:
            yield f"• {item}", 16, INK, False
    elif isinstance(block, Quote):
        # As large as the answer: a minority is not a footnote. The whole of it stands in the notes.
        yield f"“{gist(block.text, 60)}”", 20, INK, False
        yield block.byline, 13, SOFT, False


def add_words(slide: Any, left: int, top: int, width: int, height: int,
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
    cell.margin_top = cell.margin_bottom = Inches(0.04 if size > 10 else 0.02)
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
    for run in paragraph.runs:
        run.font.size = Pt(size)


def _widths(table: Table) -> list[int]:
    """Columns share the slide by the length of what stands in them."""
    weights = [min(max([len(row[place]) for row in table.rows] + [len(name) + 3, 9]), 80)
               for place, name in enumerate(table.columns)]
    return [int(WIDTH * weight / sum(weights)) for weight in weights]
