"""The look of a Word report, kept in its styles alone: no paragraph is formatted by hand."""

from collections.abc import Callable
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

# Own styles, each based on one of Word's, so that replacing those restyles them.
LEAD, VERDICT, FINE, EYEBROW, BALLOT = "Central Question", "Verdict", "Fine Print", "Session Facts", "Poll Terms"
SPEECH, ATTRIBUTION, CODE, CODE_WORDS = "Response", "Response Byline", "Response Code", "Response Code Words"
TABLE, TABLE_TEXT = "Summary Table", "Table Text"
ANSWER, MINORITY, MINORITY_BYLINE = "Session Answer", "Minority Position", "Minority Byline"

_SERIF, _SANS, _MONO = "Georgia", "Calibri", "Consolas"
_INK, _SOFT, _FAINT, _PETROL = (RGBColor.from_string(code) for code in ("1A1D21", "474C54", "62676F", "0B5A61"))
_HEADINGS = {"Title": (28, _INK), "Heading 1": (22, _INK), "Heading 2": (15, _PETROL), "Heading 3": (12, _INK),
             "Heading 4": (11, _INK)}

# How the shape of a paragraph is given here, and what Word calls it.
_SHAPES: dict[str, Callable[[Any], tuple[str, Any]]] = {
    "before": lambda points: ("space_before", Pt(points)), "after": lambda points: ("space_after", Pt(points)),
    "line": lambda factor: ("line_spacing", factor), "indent": lambda width: ("left_indent", Cm(width)),
    "hanging": lambda width: ("first_line_indent", Cm(-width)),
    "keep": lambda is_kept: ("keep_with_next", is_kept)}


def prepare_styles(word: Any) -> None:
    """Give Word's styles the report's look, and add those it has no name for."""
    _speak_english(word)
    _style(word, "Normal", font=_SERIF, size=10.5, colour=_INK, after=6, line=1.2)
    for name, (size, colour) in _HEADINGS.items():
        _style(word, name, font=_SERIF, size=size, colour=colour, before=0 if size > 20 else 1.1 * size, after=5,
               bold=size < 20, italic=False)
    # Word's own title stands on a blue line.
    for border in word.styles["Title"].element.pPr.findall(qn("w:pBdr")):
        word.styles["Title"].element.pPr.remove(border)
    _style(word, "Subtitle", font=_SANS, size=12, colour=_SOFT, after=18, italic=False)
    _style(word, "Caption", font=_SANS, size=9, colour=_SOFT, before=4, after=4, bold=False)
    _style(word, "Header", font=_SANS, size=8.5, colour=_FAINT)
    _style(word, "Footer", font=_SANS, size=8.5, colour=_FAINT)
    for name in ("List Bullet", "List Number"):
        # The mark stands where the words of a response begin.
        _style(word, name, after=3, indent=1.13, hanging=0.63)
    _add(word, LEAD, "Body Text", size=14, italic=True, colour=_SOFT, before=6, after=8)
    _add(word, ANSWER, "Body Text", size=12, after=8)
    # As large as the statement it answers, with a bar at its side as in the printed report.
    _add(word, MINORITY, "Body Text", size=10.5, after=0, indent=0.5, keep=True)
    _add(word, MINORITY_BYLINE, "Normal", font=_SANS, size=9, colour=_SOFT, after=8, indent=0.5)
    for name in (MINORITY, MINORITY_BYLINE):
        _draw_bar(word.styles[name])
    _add(word, VERDICT, "Body Text", size=10.5, after=6, keep=True)
    _add(word, FINE, "Normal", font=_SANS, size=9, colour=_SOFT, after=4)
    _add(word, EYEBROW, FINE, colour=_FAINT)
    _add(word, BALLOT, FINE, after=3)
    _add(word, ATTRIBUTION, "Normal", font=_SANS, size=9, colour=_SOFT, before=9, after=2, indent=0.5, keep=True)
    _add(word, SPEECH, "Body Text", after=4, indent=0.5)
    _add(word, CODE, SPEECH, font=_MONO, size=9)
    _add(word, TABLE_TEXT, "Normal", font=_SANS, size=9, after=0, line=1.1)
    code = word.styles.add_style(CODE_WORDS, WD_STYLE_TYPE.CHARACTER)
    code.font.name, code.font.size = _MONO, Pt(9)
    _add_table_style(word)


def _style(word: Any, name: str, *, font: str = "", size: float | None = None, colour: RGBColor | None = None,
           bold: bool | None = None, italic: bool | None = None, **shape: Any) -> None:
    """Set what is given and leave the rest as Word has it."""
    style = word.styles[name]
    if font:
        _set_font(style, font)
    for key, value in (("size", None if size is None else Pt(size)), ("bold", bold), ("italic", italic)):
        if value is not None:
            setattr(style.font, key, value)
    if colour is not None:
        style.font.color.rgb = colour
    for key, value in shape.items():
        setattr(style.paragraph_format, *_SHAPES[key](value))


def _set_font(style: Any, font: str) -> None:
    """One font for all scripts, instead of the template's theme."""
    style.font.name = font
    fonts = style.element.rPr.rFonts
    for place in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{place}"), None)
    for place in ("cs", "eastAsia"):
        fonts.set(qn(f"w:{place}"), font)


def _add(word: Any, name: str, base: str, **look: Any) -> None:
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles[base]
    style.quick_style = True
    _style(word, name, **look)


def _draw_bar(style: Any) -> None:
    """A coloured line at the left of a paragraph."""
    shape = style.element.get_or_add_pPr()
    shape.insert_element_before(parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="8" w:color="{_PETROL}"/></w:pBdr>'),
        "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def _speak_english(word: Any) -> None:
    """The language readers and spelling checkers take the words for."""
    defaults = word.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    defaults.append(language)


def _add_table_style(word: Any) -> None:
    """Ruled above and below, bold header row, thin lines between rows: as the printed report has it."""
    word.styles.element.append(parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="SummaryTable">'
        f'<w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:qFormat/>'
        '<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="1A1D21"/>'
        '<w:bottom w:val="single" w:sz="8" w:space="0" w:color="1A1D21"/>'
        '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="E4E0D6"/></w:tblBorders>'
        '<w:tblCellMar><w:top w:w="50" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
        '<w:bottom w:w="50" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="1A1D21"/></w:tcBorders>'
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
        '<w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        '<w:top w:val="single" w:sz="6" w:space="0" w:color="1A1D21"/></w:tcBorders></w:tcPr></w:tblStylePr>'
        '</w:style>'))
