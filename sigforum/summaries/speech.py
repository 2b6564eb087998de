"""What people wrote, from Markdown to plain pieces: paragraphs, list items and code, each in runs of one look."""

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from sigforum.kernel.markdown import tokens

_LOOKS = {"strong": "strong", "em": "emphasis", "s": "struck"}


@dataclass(frozen=True, kw_only=True)
class Run:
    """Words of one look; `address` is where a link leads. A line break is a run of its own."""

    text: str
    looks: frozenset[str] = frozenset()
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One paragraph (`paragraph`, `bullet`, `number` or `code`) inside so many quotes and lists; `number` is
    that of an item in a numbered list."""

    kind: str
    runs: tuple[Run, ...]
    depth: int = 0
    number: int = 0


def pieces(text: str) -> list[Piece]:
    """Markdown as pieces. Headings become strong paragraphs and table rows lines, so that nothing that a
    response holds can break into the outline of the document around it."""
    reader = _Reader()
    found = [piece for token in tokens(text) for piece in reader.read(token)]
    return found or [Piece(kind="paragraph", runs=(Run(text=text),))]


class _Reader:
    """Walks the tokens of a text and knows what the next paragraph stands in."""

    def __init__(self) -> None:
        self._lists: list[str] = []
        self._quotes = 0
        self._number = 0
        self._is_first = False
        self._is_heading = False
        self._cells: list[Run] | None = None

    def read(self, token: Token) -> Iterator[Piece]:
        """The paragraph that a token makes, if it makes one."""
        if token.type == "inline":
            yield from self._paragraph(token)
        elif token.type in ("fence", "code_block", "html_block"):
            yield Piece(kind="code", runs=(Run(text=token.content.rstrip("\n")),), depth=self._quotes)
        elif token.type == "tr_close":
            yield Piece(kind="paragraph", runs=tuple(self._cells or ()), depth=self._quotes)
            self._cells = None
        else:
            self._enter(token)

    def _enter(self, token: Token) -> None:
        name = token.type.rsplit("_", 1)[0]
        if name in ("bullet_list", "ordered_list"):
            if token.nesting == 1:
                self._lists.append("bullet" if name == "bullet_list" else "number")
            else:
                self._lists.pop()
        elif token.type == "list_item_open":
            self._is_first, self._number = True, int(token.info or 0)
        elif name == "blockquote":
            self._quotes += token.nesting
        elif name == "heading":
            self._is_heading = token.nesting == 1
        elif token.type == "tr_open":
            self._cells = []

    def _paragraph(self, token: Token) -> Iterator[Piece]:
        runs = _runs(token.children or [], frozenset({"strong"} if self._is_heading else ()))
        if self._cells is not None:
            self._cells += [Run(text=" | ")] * bool(self._cells) + runs
            return
        kind = self._lists[-1] if self._lists and self._is_first else "paragraph"
        inside = max(len(self._lists) - (kind != "paragraph"), 0)
        yield Piece(kind=kind, runs=tuple(runs), depth=self._quotes + inside,
                    number=self._number if kind == "number" else 0)
        self._is_first = False


def _runs(inside: list[Token], looks: frozenset[str]) -> list[Run]:
    found: list[Run] = []
    address = ""
    for token in inside:
        name = token.type.rsplit("_", 1)[0]
        if name in _LOOKS:
            looks = looks | {_LOOKS[name]} if token.nesting == 1 else looks - {_LOOKS[name]}
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            address = ""
        elif token.type in ("softbreak", "hardbreak"):
            found.append(Run(text="\n"))
        elif token.type == "code_inline":
            found.append(Run(text=token.content, looks=looks | {"code"}, address=address))
        elif token.content:
            found.append(Run(text=token.content, looks=looks, address=address))
    return found
