"""Words as Markdown that reads back as the same words, whichever program reads it."""

import re
from collections.abc import Iterator

from sigforum.kernel.text import drawn
from sigforum.summaries.speech import Piece, Run, pieces

_SIGNS = re.compile(r"[\\`*_\[\]|~$]|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
# What makes a list, a heading, a rule or a quotation of a line that begins with it; a number does before a blank.
_BEGINNING = re.compile(r"(?P<sign>[-+=#:>])|(?P<number>\d{1,9})(?P<end>[.)])(?=\s|$)")
_PICTURE = re.compile(r"!(?=\\\[|$)")
_ESCAPED = "\\."
_AROUND = {"strong": "**", "emphasis": "*", "struck": "~~"}


def markdown_line(text: str) -> str:
    """Plain text as one line of Markdown that reads literally, also inside a table."""
    return _literal(" ".join(drawn(text).split()))


def markdown_quote(text: str, depth: int = 1) -> str:
    """What somebody wrote as a block quote. It is written anew from its words, so that none of its own headings, lists
    and open comments can break the document around it, and no picture is loaded from anywhere."""
    mark = "> " * depth
    lines: list[str] = []
    before: Piece | None = None
    for piece in pieces(text):
        # Items of one list follow each other here, and a reader's program counts them on from the first.
        is_next = before is None or before.kind != "number" or piece.number == before.number + 1
        lines += [*([""] if lines else []), *_lines(piece, is_counted=is_next)]
        before = piece
    return "\n".join((mark + line).rstrip() for line in lines)


def _lines(piece: Piece, *, is_counted: bool) -> Iterator[str]:
    if piece.kind == "code":
        words = "".join(run.text for run in piece.runs)
        fence = max((len(found) for found in re.findall("`+", words)), default=2) + 1
        yield from ("`" * max(fence, 3), *drawn(words).split("\n"), "`" * max(fence, 3))
        return
    text = "".join(map(_run, piece.runs)).strip()
    begun = {"bullet": "- ", "number": f"{piece.number}{'.' if is_counted else _ESCAPED} "}.get(piece.kind, "")
    # Two blanks at its end keep a line's break.
    ends = [_begun(line) for line in text.split("\n")]
    yield begun + ("\\\n" + " " * len(begun)).join(ends) if len(ends) > 1 else begun + ends[0]


def _run(run: Run) -> str:
    if run.text == "\n":
        return "\n"
    if "code" in run.looks and "\n" not in run.text:
        longest = max((len(found) for found in re.findall("`+", run.text)), default=0)
        fence, edge = "`" * (longest + 1), " " if run.text.startswith("`") or run.text.endswith("`") else ""
        return f"{fence}{edge}{drawn(run.text)}{edge}{fence}"
    words = _escaped(drawn(run.text))
    inner = words.strip()
    if not inner:
        return words
    before, behind = words[:len(words) - len(words.lstrip())], words[len(words.rstrip()):]
    for look, sign in _AROUND.items():
        inner = f"{sign}{inner}{sign}" if look in run.looks else inner
    if run.address and run.address.removeprefix("mailto:") != run.text:
        inner = f"[{inner}](<{drawn(run.address)}>)"
    return before + inner + behind


def _literal(text: str) -> str:
    return _begun(_escaped(text))


def _escaped(text: str) -> str:
    return _PICTURE.sub(r"\\!", _SIGNS.sub(r"\\\g<0>", text))


def _begun(line: str) -> str:
    found = _BEGINNING.match(line)
    if found is None:
        return line
    return f"\\{line}" if found["sign"] else f"{found['number']}\\{line[len(found['number']):]}"
