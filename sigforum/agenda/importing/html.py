"""HTML of an agenda page: headings, accordions and lists become lines, menus and scripts are dropped."""

import re
from collections.abc import Iterator

from sigforum.agenda.domain import AgendaPlan
from sigforum.agenda.importing.assembling import assemble
from sigforum.agenda.importing.classifying import LONGEST_TITLE
from sigforum.agenda.importing.contract import AgendaFormat
from sigforum.agenda.importing.html_joining import Block, Places, joined
from sigforum.agenda.importing.html_scanner import Piece, scan
from sigforum.agenda.importing.lines import lowered, numbered, raised, tidy

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ACCORDION_LEVEL = 6
_INLINE = {
    "a",
    "abbr",
    "acronym",
    "b",
    "bdi",
    "bdo",
    "big",
    "cite",
    "code",
    "del",
    "dfn",
    "em",
    "font",
    "i",
    "img",
    "ins",
    "kbd",
    "mark",
    "nobr",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "var",
    "wbr",
    "label",
}
_PLACES = {"sup": raised, "sub": lowered}
_DROPPED = {"nav", "footer", "noscript", "template", "svg", "select", "head", "iframe", "object", "aside"}
_HEAD_TAGS = {"head", "meta", "link", "base", "script", "style", "noscript", "template"}
_SIGNS = re.compile(
    r"<(?:!doctype html|html|body|h[1-6]|div|p|ul|ol|details|section|article|main)\b", re.IGNORECASE
)


def parse(text: str) -> AgendaPlan:
    """The agenda of a page; its <title> counts where the page itself names no meeting."""
    numbered(text)
    page = _Page()
    lines = list(joined(page.blocks(text)))
    return assemble(lines, fallback_title=page.title or None)


class _Page:
    """Turns the pieces of a page into blocks that hold words."""

    def __init__(self) -> None:
        self.title = ""
        self._words: list[str] = []
        self._line = 0
        self._heading: int | None = None
        self._begins_item = self._follows_break = False
        self._places = Places()
        self._dropped: list[str] = []
        self._is_in_title = False
        self._place = ""

    def blocks(self, text: str) -> Iterator[Block]:
        """The blocks of a page, each with the source line where its first word stands."""
        for piece in scan(text):
            if piece.tag is None:
                self._take_words(piece)
            # Word writes tags of its own around single words.
            elif piece.tag in _INLINE or ":" in piece.tag:
                if piece.tag in _PLACES:
                    self._place = "" if piece.is_closing else piece.tag
            elif not self._is_dropping(piece):
                yield from self._end_block()
                self._begin_block(piece)
        yield from self._end_block()

    def _take_words(self, piece: Piece) -> None:
        if self._is_in_title:
            if len(self.title) < LONGEST_TITLE:
                self.title = tidy(self.title + piece.words)
        elif not self._dropped:
            if not self._words and piece.words.strip():
                leading = len(piece.words) - len(piece.words.lstrip())
                self._line = piece.line + piece.words.count("\n", 0, leading)
            if self._words or piece.words.strip():
                self._words.append(_PLACES[self._place](piece.words) if self._place else piece.words)

    def _is_dropping(self, piece: Piece) -> bool:
        """Whether a tag opens, closes or stands in a part of the page that holds no agenda."""
        if piece.tag == "title":
            self._is_in_title = not piece.is_closing and not self.title
            return True
        if self._dropped == ["head"] and piece.tag not in _HEAD_TAGS:
            # Browsers end the head at the first tag that cannot stand in it, also without a closing tag.
            self._dropped.clear()
        if piece.tag in _DROPPED:
            if not piece.is_closing:
                self._dropped.append(piece.tag)
            elif piece.tag in self._dropped:
                while self._dropped.pop() != piece.tag:
                    continue
            return True
        return bool(self._dropped)

    def _begin_block(self, piece: Piece) -> None:
        tag = piece.tag or ""
        if tag in _HEADINGS:
            self._heading = None if piece.is_closing else _HEADINGS[tag]
        elif tag in {"summary", "dt"}:
            self._heading = None if piece.is_closing else _ACCORDION_LEVEL
        elif tag == "li":
            self._begins_item = not piece.is_closing
        self._places.enter(tag, is_closing=piece.is_closing)
        self._follows_break = tag == "br"

    def _end_block(self) -> Iterator[Block]:
        text = tidy("".join(self._words))
        self._words, self._place = [], ""
        if text:
            yield Block(self._line, text, self._heading, begins_item=self._begins_item, items=self._places.items,
                        row=self._places.row, follows_break=self._follows_break)
            self._begins_item = False


def _recognises(text: str) -> bool:
    start = text[:100_000]
    is_other_xml = start.lstrip().startswith("<?xml") and "<html" not in start
    return bool(_SIGNS.search(start)) and "</" in text and not is_other_xml


FORMAT = AgendaFormat(
    name="html",
    label="HTML page",
    extensions=(".html", ".htm", ".xhtml"),
    recognises=_recognises,
    parse=parse,
)
