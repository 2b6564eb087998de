"""What people wrote, from Markdown to plain pieces: paragraphs, list items and code, each in runs of one look."""

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
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
    found = list(_pieces(_MARKDOWN.parse(text)))
    return found or [Piece(kind="paragraph", runs=(Run(text=text),))]


def _pieces(tokens: list[Token]) -> Iterator[Piece]:
    lists: list[str] = []
    cells: list[Run] | None = None
    quotes, number, is_first, is_heading = 0, 0, False, False
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append("bullet" if token.type.startswith("bullet") else "number")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            is_first, number = True, int(token.info or 0)
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type in ("heading_open", "heading_close"):
            is_heading = token.nesting == 1
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            yield Piece(kind="paragraph", runs=tuple(cells or ()), depth=quotes)
            cells = None
        elif token.type in ("fence", "code_block", "html_block"):
            yield Piece(kind="code", runs=(Run(text=token.content.rstrip("\n")),), depth=quotes)
        elif token.type == "inline":
            runs = _runs(token.children or [], frozenset({"strong"} if is_heading else ()))
            if cells is not None:
                cells += [Run(text=" | ")] * bool(cells) + runs
                continue
            kind = lists[-1] if lists and is_first else "paragraph"
            yield Piece(kind=kind, runs=tuple(runs), depth=quotes + max(len(lists) - (kind != "paragraph"), 0),
                        number=number if kind == "number" else 0)
            is_first = False


def _runs(tokens: list[Token], looks: frozenset[str]) -> list[Run]:
    found: list[Run] = []
    address = ""
    for token in tokens:
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
