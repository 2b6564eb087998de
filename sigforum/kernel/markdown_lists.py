"""Lists of Markdown with their marks as typed: where another mark would be shown, the mark becomes a word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

# "- 20 °C" is a temperature.
_FEW_WORDS = 2
# "* p < 0.05" explains a star.
_COMPARES = re.compile(r"[<>=≤≥]")
_NUMBER = re.compile(r"[+\-−–.,<>=~≈±≤≥]?\s*\d")


@dataclass
class _List:
    """A list on the way through the tokens; `starts` are the first words of its items."""

    first: Token
    items: list[Token]
    starts: list[str]
    is_inner: bool = False


def with_typed_marks(tokens: Sequence[Token]) -> list[Token]:
    """The tokens, where lists that would be read otherwise than typed are paragraphs that begin with their mark."""
    return list(_written(tokens, {id(one.first) for one in _lists(tokens) if _is_literal(one)}))


def _lists(tokens: Sequence[Token]) -> list[_List]:
    found: list[_List] = []
    within: list[_List] = []
    for place, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            within.append(_List(first=token, items=[], starts=[], is_inner=bool(within)))
            found.append(within[-1])
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            within.pop()
        elif token.type == "list_item_open":
            words = tokens[place + 2] if place + 2 < len(tokens) else token
            within[-1].items.append(token)
            within[-1].starts.append(words.content if words.type == "inline" else "")
    return found


def _is_literal(one: _List) -> bool:
    if one.first.type == "ordered_list_open":
        first = int(one.items[0].info or 1)
        return not all(one.starts) or any(
            item.markup == ")" or item.info != str(number) for number, item in enumerate(one.items, start=first))
    # A plus is a strand or a charge; "- strand" alone is no list.
    is_short = len(one.starts[0].split()) <= _FEW_WORDS
    is_note = one.first.markup == "*" and _COMPARES.search(one.starts[0]) is not None
    is_alone = len(one.items) == 1 and not one.is_inner and (is_short or is_note)
    return (one.first.markup == "+" or is_alone or any(map(_NUMBER.match, one.starts))
            or not all(one.starts))


def _written(tokens: Sequence[Token], literal: set[int]) -> Iterator[Token]:
    """The tokens again; a mark waits for the first words of its item, and stands alone where there are none."""
    within: list[bool] = []
    mark = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            within.append(id(token) in literal)
        is_literal = bool(within) and within[-1]
        if token.type in ("bullet_list_close", "ordered_list_close"):
            within.pop()
        if mark and token.type not in ("paragraph_open", "heading_open", "inline"):
            yield from _alone(mark)
            mark = ""
        if is_literal and token.type.startswith("list_item"):
            mark = f"{token.info}{token.markup}" if token.nesting == 1 else ""
        elif not (is_literal and "_list_" in token.type):
            yield _marked(token, mark, is_literal=is_literal)
            mark = "" if token.type == "inline" else mark


def _marked(token: Token, mark: str, *, is_literal: bool) -> Token:
    if is_literal and token.type.startswith("paragraph"):
        # Items of a tight list have no paragraphs of their own.
        token.hidden = False
    elif token.type == "inline" and mark:
        token.children = [_text(f"{mark} "), *(token.children or ())]
        token.content = f"{mark} {token.content}"
    return token


def _alone(mark: str) -> Iterator[Token]:
    yield Token("paragraph_open", "p", 1, block=True)
    yield Token("inline", "", 0, content=mark, children=[_text(mark)], block=True)
    yield Token("paragraph_close", "p", -1, block=True)


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)
