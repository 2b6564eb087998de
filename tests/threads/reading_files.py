"""What a reader finds on a page and in a file: words and numbers in their order, as a reader sees them."""

import io
from html.parser import HTMLParser
from typing import Any

import docx
import pypdf
from docx.oxml.ns import qn

_INSIDE = {"em", "strong", "s", "code", "a", "span", "b", "i", "mark"}


class _Reader(HTMLParser):
    """Words of HTML; items of numbered lists begin with the number that a browser sets."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._numbers: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ol", "ul"):
            self._numbers.append(int(dict(attrs).get("start") or 1) if tag == "ol" else None)
        self._part(tag)
        if tag == "li" and self._numbers and (number := self._numbers[-1]) is not None:
            self.found.append(f" {number}. ")
            self._numbers[-1] = number + 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ol", "ul") and self._numbers:
            self._numbers.pop()
        self._part(tag)

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def _part(self, tag: str) -> None:
        if tag not in _INSIDE:
            self.found.append(" ")


def of_html(page: str) -> str:
    """The words of a page, with single blanks."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return " ".join("".join(reader.found).split())


def of_docx(content: bytes) -> str:
    """The words of a Word file; numbered paragraphs begin with the number that Word sets."""
    word = docx.Document(io.BytesIO(content))
    counted: dict[str, int] = {}
    found: list[str] = []
    for paragraph in word.paragraphs:
        if paragraph.style.name == "List Number":
            found.append(f"{_number(word, paragraph, counted)}.")
        found.append(paragraph.text)
    return " ".join(" ".join(found).split())


def _number(word: Any, paragraph: Any, counted: dict[str, int]) -> int:
    name = str(paragraph._p.pPr.numPr.numId.val)
    if name not in counted:
        start = next(one for one in word.part.numbering_part.element.num_lst if str(one.numId) == name).find(
            f"{qn('w:lvlOverride')}/{qn('w:startOverride')}")
        counted[name] = int(start.get(qn("w:val"))) - 1
    counted[name] += 1
    return counted[name]


def of_pdf(content: bytes) -> str:
    """The words of a PDF file; marks and numbers of lists stand behind all other words of their page."""
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
