"""Cuts HTML into tags and words in one pass, with the line of each.

A parser that repairs what it cannot close looks ahead again and again; megabytes of "<!--" or "<a <a" then
take hours. Only words and tag names are needed here, so every search below moves on or ends the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from sigforum.agenda.importing.errors import AgendaUnreadable

_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]*(?::[a-zA-Z0-9]*)?)")
_RAW = {"script", "style", "textarea", "xmp"}
# Attributes in quotes may hold ">"; no honest tag is longer than this.
_LONGEST_TAG = 4_000
MOST_PIECES = 100_000
_REST_OF_TAG = re.compile(r"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>""")


@dataclass(frozen=True, slots=True)
class Piece:
    """A tag by its lower-case name, or words (then `tag` is None)."""

    line: int
    tag: str | None = None
    words: str = ""
    is_closing: bool = False


def scan(text: str) -> Iterator[Piece]:
    """The pieces of a page in their order; comments, scripts and styles leave nothing."""
    lower = text.lower() if len(text.lower()) == len(text) else text
    at, line, counted, count = 0, 1, 0, 0
    while at < len(text):
        count += 1
        if count > MOST_PIECES:
            raise AgendaUnreadable(f"More than {MOST_PIECES:,} tags; this is not an agenda.", line)
        line += text.count("\n", counted, at)
        counted = at
        if text[at] != "<":
            end = text.find("<", at)
            end = len(text) if end < 0 else end
            yield Piece(line, words=unescape(text[at:end]))
            at = end
            continue
        name = _NAME.match(text, at + 1)
        if name is None:
            end = _end_of_other(text, at)
            if end == at:
                yield Piece(line, words="<")
                end = at + 1
            at = end
            continue
        tag, is_closing = name.group(1).lower(), text[at + 1] == "/"
        at = _end_of_tag(text, name.end())
        yield Piece(line, tag=tag, is_closing=is_closing)
        if tag in _RAW and not is_closing:
            close = lower.find(f"</{tag}", at)
            at = len(text) if close < 0 else close


def _end_of_other(text: str, at: int) -> int:
    """Where a comment or declaration ends; `at` itself where "<" is only a sign."""
    if text.startswith("<!--", at):
        end = text.find("-->", at + 4)
        return len(text) if end < 0 else end + 3
    if text[at + 1 : at + 2] in {"!", "?", "/"}:
        end = text.find(">", at)
        return len(text) if end < 0 else end + 1
    return at


def _end_of_tag(text: str, at: int) -> int:
    whole = _REST_OF_TAG.match(text, at, min(len(text), at + _LONGEST_TAG))
    if whole:
        return whole.end()
    end = text.find(">", at)
    return len(text) if end < 0 else end + 1
