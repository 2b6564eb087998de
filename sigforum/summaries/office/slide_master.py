"""The look of the slides, kept in the master and its two layouts, where whoever presents can change it once."""

import re
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Inches, Pt

INK, SOFT, FAINT, PETROL = (RGBColor.from_string(code) for code in ("1A1D21", "474C54", "62676F", "0B5A61"))
_KEPT = ("Title Slide", "Title Only")
_COLOURS = {"accent1": "0B5A61", "accent2": "BB5B3C", "accent3": "8C897D", "dk2": "1A1D21"}


def prepare_master(deck: Any) -> None:
    """Wide slides, a title above in serif letters, and only the layouts that are used."""
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    for layout in list(deck.slide_layouts):
        if layout.name not in _KEPT:
            deck.slide_layouts.remove(layout)
    master = deck.slide_master
    _dress_theme(master)
    for layout in (master, *deck.slide_layouts):
        # Date and footer of the template stand where narrow slides had them; the slides bring their own line.
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type in (13, 15, 16):
                shape._element.getparent().remove(shape._element)
    for shape in master.placeholders:
        shape.left, shape.width = Inches(0.65), Inches(12.03)
        if shape.placeholder_format.type == 1:
            shape.top, shape.height = Inches(0.72), Inches(0.95)
            shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP
            shape.text_frame.margin_left = shape.text_frame.margin_top = 0
        else:
            shape.top, shape.height = Inches(2.2), Inches(4.4)
    _dress_titles(master)
    _place_title_layout(deck.slide_layouts[0])


def _dress_theme(master: Any) -> None:
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    xml = theme.blob.decode("utf-8")
    xml = re.sub(r'(<a:majorFont>\s*<a:latin typeface=")[^"]*', r"\1Georgia", xml)
    for name, colour in _COLOURS.items():
        xml = re.sub(rf"<a:{name}>.*?</a:{name}>", f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>', xml,
                     flags=re.DOTALL)
    theme._blob = xml.encode("utf-8")


def _dress_titles(master: Any) -> None:
    style = master._element.find(".//{*}titleStyle/{*}lvl1pPr")
    style.set("algn", "l")
    words = style.find("{*}defRPr")
    words.set("sz", str(int(Pt(27).pt * 100)))


def _place_title_layout(layout: Any) -> None:
    for shape in layout.placeholders:
        shape.left, shape.width = Inches(0.9), Inches(11.5)
        frame = shape.text_frame
        if shape.placeholder_format.idx == 0:
            shape.top, shape.height = Inches(1.5), Inches(2.0)
            frame.vertical_anchor = MSO_ANCHOR.BOTTOM
            frame.paragraphs[0].font.size = Pt(44)
        else:
            shape.top, shape.height = Inches(3.75), Inches(2.6)
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    for level in layout._element.iterfind(".//{*}lstStyle/{*}lvl1pPr"):
        level.set("algn", "l")
        words = level.find("{*}defRPr")
        if words is not None:
            words.set("sz", "2000")
    for level in layout.placeholders[0]._element.iterfind(".//{*}lstStyle/{*}lvl1pPr/{*}defRPr"):
        level.set("sz", "4400")
