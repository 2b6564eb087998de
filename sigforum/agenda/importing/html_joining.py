"""What of a page's blocks is one line: breaks, paragraphs, cells and lists inside an item are parts of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sigforum.agenda.importing.classifying import Kind, Token, classify
from sigforum.agenda.importing.lines import QUESTION_MARKS, SourceLine, split_bullet

# Lines that words after a break go on from, and what such words look like when nothing else is meant by them.
_GOES_ON = frozenset({Kind.BULLET, Kind.NUMBERED, Kind.CENTRAL, Kind.TEXT})
_IS_MORE = frozenset({Kind.TEXT, Kind.BULLET, Kind.HEADING, Kind.DATES})
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
# A cell that holds nothing else is the mark of the one beside it.
_MARK_ALONE = re.compile(r"(?:\d{1,3}|[a-z])[.)]")
# Further out nobody looks.
_DEEPEST = 20
# What begins a point of its own, as numbers do.
_LETTERED = re.compile(r"(?:[a-z]|[ivx]{1,4})[.)]\s")
_SENTENCE_ENDS = (".", "!", ":", ";", "。", *QUESTION_MARKS)


@dataclass(frozen=True, slots=True)
class Block:
    """Words between two tags, with the items they stand in, the innermost last, and the row of a table."""

    line: int
    text: str
    heading: int | None
    begins_item: bool
    items: tuple[int, ...]
    row: int
    follows_break: bool


@dataclass(slots=True)
class Places:
    """Where in lists and tables a page has come to; items that were never closed end where the next begins."""

    row: int = 0
    _open: list[int] = field(default_factory=list)
    _count: int = 0

    @property
    def items(self) -> tuple[int, ...]:
        """The items that are open. Lists between them stand as zero."""
        return tuple(one for one in self._open[-_DEEPEST:] if one)

    def enter(self, tag: str, *, is_closing: bool) -> None:
        """Move on by one tag."""
        if tag == "tr":
            self.row = 0 if is_closing else self.row_number()
        elif tag in _LISTS:
            if not is_closing:
                self._open.append(0)
            elif 0 in self._open:
                while self._open.pop():
                    continue
        elif tag == "li":
            # An item ends with its closing tag, and with the next of the same list.
            if self._open and self._open[-1]:
                self._open.pop()
            if not is_closing:
                self._open.append(self.row_number())

    def row_number(self) -> int:
        """A number that nothing else on the page has."""
        self._count += 1
        return self._count


def joined(blocks: Iterator[Block]) -> Iterator[SourceLine]:
    """The lines of a page."""
    held: _Held | None = None
    for block in blocks:
        has_mark, text = split_bullet(block.text)
        is_bullet = (has_mark or block.begins_item) and block.heading is None
        if held is not None and held.takes(block, text, has_mark=has_mark):
            continue
        if held is not None:
            yield held.written()
        held = _Held(block, SourceLine(block.line, text, heading=block.heading, is_bullet=is_bullet,
                                       follows_blank=True))
    if held is not None:
        yield held.written()


class _Held:
    """A line that may go on in the next block."""

    def __init__(self, block: Block, line: SourceLine) -> None:
        self._block, self._line = block, line
        self._token: Token = classify(line)
        self._parts = [line.text]

    def written(self) -> SourceLine:
        """The line with all that went on in it."""
        return replace(self._line, text=" ".join(self._parts))

    def takes(self, block: Block, text: str, *, has_mark: bool) -> bool:
        """Whether the next block is a part of this line, and if so, takes it."""
        if has_mark or _LETTERED.match(text) or block.heading is not None or self._line.heading is not None:
            return False
        if block.row and block.row == self._block.row and _MARK_ALONE.fullmatch(self._line.text) and (
                len(self._parts) == 1):
            self._parts.append(text)
            return True
        if self._token.kind not in _GOES_ON or self._token.code or classify(
                SourceLine(block.line, text)).kind not in _IS_MORE:
            return False
        inner = self._block.items and self._block.items[-1] in block.items[:-1]
        is_same = bool(self._block.items) and block.items == self._block.items and not block.begins_item
        if inner and block.begins_item:
            if text.endswith(QUESTION_MARKS) and not text[:1].islower():
                return False
            if len(self._parts) > 1 and not self._parts[-1].endswith(_SENTENCE_ENDS):
                self._parts[-1] += ";"
        elif not (is_same or inner or self._is_broken(block, text)):
            return False
        self._parts.append(text)
        return True

    def _is_broken(self, block: Block, text: str) -> bool:
        """Whether a sentence goes on behind a break."""
        return (block.follows_break and block.items == self._block.items and text[:1].islower()
                and not self._parts[-1].endswith(_SENTENCE_ENDS))
