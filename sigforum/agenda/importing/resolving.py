"""Decides, from what follows it, whether a line that no pattern names is a forum session, a slot or a day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sigforum.agenda.importing.classifying import FURNITURE, LABELLED, LONGEST_TITLE, STRUCTURE, Kind, Token
from sigforum.agenda.importing.lines import QUESTION_MARKS


@dataclass(frozen=True, slots=True)
class _Below:
    """What comes after a line, as far as the next heading or structural line."""

    next_kind: Kind | None = None
    has_labels: bool = False
    has_question: bool = False
    structure: Kind | None = None
    structure_level: int | None = None

    def above(self, token: Token) -> "_Below":
        """The same, seen from one line further up."""
        if token.kind in FURNITURE:
            return self
        is_plain_heading = token.line.heading is not None and token.kind in {Kind.HEADING, Kind.DATES}
        if token.kind in STRUCTURE or is_plain_heading:
            return _Below(next_kind=token.kind, structure=token.kind, structure_level=token.line.heading)
        asks = token.kind is Kind.BULLET and token.text.endswith(QUESTION_MARKS)
        return replace(
            self,
            next_kind=token.kind,
            has_labels=self.has_labels or token.kind in LABELLED,
            has_question=self.has_question or asks,
        )


def resolve(tokens: Sequence[Token]) -> list[Token]:
    """The tokens, with numbered lines and every heading or text that can be explained given their kind."""
    first_heading = _title_heading(tokens)
    resolved: list[Token] = []
    below = _Below()
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        follows = tokens[index + 1].kind if index + 1 < len(tokens) else None
        token = replace(token, is_before_accordion=follows is Kind.ACCORDION)
        token = _decide(
            token, below=below, previous=_previous_kind(tokens, index), may_group=index != first_heading
        )
        resolved.append(token)
        below = below.above(token)
    resolved.reverse()
    return _with_words_as_typed(resolved)


def _with_words_as_typed(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with every word of their questions: only a number that counts the points of a list is no part of one.

    "CD19: which epitope?" looks like a session's code with its title, and "5. Fluorouracil?" like a fifth point.
    """
    numbers = [_point(token) for token in tokens]
    later = [*[number for number in numbers if number is not None][1:], None]
    found, last, place = [], 0, 0
    for token, number in zip(tokens, numbers, strict=True):
        is_point = False
        if number is not None:
            begins_list = not token.line.is_bullet and later[place] == number + 1
            is_point, place = number in (1, last + 1) or begins_list, place + 1
            last = number if is_point else last
        keeps_all = token.kind is Kind.BULLET and token.code is not None and not is_point
        found.append(replace(token, title=token.text) if keeps_all else token)
    return found


def _point(token: Token) -> int | None:
    """The number in front of a question, where there is one."""
    code = token.code or ""
    is_number = token.kind is Kind.BULLET and code.isdigit() and token.text.startswith(code)
    return int(code) if is_number else None


def _title_heading(tokens: Sequence[Token]) -> int | None:
    """The first heading names the meeting, unless the agenda has already begun."""
    for index, token in enumerate(tokens):
        if token.kind in STRUCTURE:
            return None
        if token.kind is Kind.HEADING:
            return index
    return None


def _previous_kind(tokens: Sequence[Token], index: int) -> Kind | None:
    before = index - 1
    while before >= 0 and before >= index - 5 and tokens[before].kind in FURNITURE:
        before -= 1
    return tokens[before].kind if before >= 0 else None


def _decide(token: Token, *, below: _Below, previous: Kind | None, may_group: bool) -> Token:
    if token.line.heading is not None and token.kind in {Kind.HEADING, Kind.NUMBERED}:
        return _decide_heading(token, below=below, may_group=may_group)
    if token.kind is Kind.NUMBERED or (token.kind is Kind.BULLET and token.code is not None):
        is_session = below.next_kind in LABELLED
        return replace(token, kind=Kind.FORUM_SESSION if is_session else Kind.BULLET)
    if token.kind is Kind.TEXT and _is_bare_title(token, below=below, previous=previous):
        return replace(token, kind=Kind.FORUM_SESSION)
    return token


def _decide_heading(token: Token, *, below: _Below, may_group: bool) -> Token:
    if below.has_labels or (below.has_question and may_group):
        return replace(token, kind=Kind.FORUM_SESSION)
    level = token.line.heading or 0
    is_above = below.structure_level is not None and below.structure_level > level
    if may_group and is_above and below.structure is Kind.FORUM_SESSION:
        return replace(token, kind=Kind.SLOT)
    if may_group and is_above and below.structure is Kind.SLOT:
        return replace(token, kind=Kind.DAY)
    return replace(token, kind=Kind.HEADING)


def _is_bare_title(token: Token, *, below: _Below, previous: Kind | None) -> bool:
    """A short line right above "Theme:" or "Central question:" is a title, unless one stands above it."""
    if len(token.text) > LONGEST_TITLE or token.text.endswith((".", ":", ",")):
        return False
    if below.next_kind is Kind.LABELS:
        return previous not in {Kind.FORUM_SESSION, Kind.HEADING, Kind.LABELS, Kind.NUMBERED}
    if below.next_kind is Kind.CENTRAL:
        return previous not in {Kind.FORUM_SESSION, Kind.HEADING, Kind.LABELS, Kind.NUMBERED, Kind.TEXT}
    return False
