"""The one reader of Markdown: what a scientist types stays what is read, and a sign is markup only where it is meant.

Every page and file is made from these tokens. docs/adr/0031-markdown-that-keeps-what-is-typed.md says what is read how.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, fence, heading, hr, table
from markdown_it.rules_block.table import escapedSplit, getLine
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, backtick, entity, escape, image, link
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from sigforum.kernel.markdown_lists import with_typed_marks
from sigforum.kernel.markdown_marks import begins, ends, first_escape, is_quoted
from sigforum.kernel.text import is_visible

_LINK = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
# How far a look to both sides of a sign goes.
_NEAR = 12
_NO_DESTINATION = re.compile(r"\(\s*(?:<>)?\s*\)")
# A quotation begins with a word; these begin what is more, or later, than something.
_COMPARED = frozenset((
    "the", "a", "an", "median", "mean", "average", "baseline", "grade", "upper", "lower", "normal", "half", "twice",
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "limit", "lloq", "uloq",
    "uln", "lln"))
_ABBREVIATION = re.compile(r"[A-Z]{2,}s?\b|\S*\d|[^\w\s\"'“‘«„(\[*_`#>]")


# What may stand behind the first ``` and is not read.
_LANGUAGES = frozenset((
    "", "text", "txt", "r", "R", "python", "py", "sql", "json", "yaml", "xml", "html", "css", "bash", "sh", "js",
    "javascript", "java", "c", "cpp", "csv", "markdown", "md", "latex", "tex", "sas", "stata", "matlab", "julia"))

# A text with more signs of markup than anybody writes is shown as it was typed: a parser looks at some of them again
# for each of the others, and ten thousand signs of a table become a hundred thousand cells.
_AS_TYPED = MarkdownIt("zero", {"html": False, "breaks": True}).enable("newline")
MOST_SIGNS, MOST_BRACKETS, MOST_LINES, MOST_CELLS = 2_500, 300, 1_000, 1_500
_SIGNS = re.compile(r"[\[\]*_~|<&\\`!#>(]")


def is_dense(text: str) -> bool:
    """Whether a text holds so many signs of markup that to read them as such would take long."""
    if (len(_SIGNS.findall(text)) > MOST_SIGNS or max(map(text.count, "[<")) > MOST_BRACKETS
            or text.count("\n") > MOST_LINES):
        return True
    # The rows of a table are filled up to its widest, and it ends at an empty line.
    width = height = 0
    for line in text.split("\n"):
        width, height = (max(width, line.count("|") + 1), height + 1) if line.strip() else (0, 0)
        if width > 1 and width * height > MOST_CELLS:
            return True
    return False


def tokens(text: str) -> list[Token]:
    """The blocks of a text. Whoever walks over them reads words in `inline` tokens and in `content`."""
    if is_dense(text):
        return _AS_TYPED.parse(text)
    found = _MARKDOWN.parse(text)
    # Marks without words, such as "---" or an empty table alone, are all that there is to read.
    return found if any(is_visible(block.content) for block in found) else _AS_TYPED.parse(text)


def rendered(text: str) -> str:
    """The same as HTML, without raw HTML and without pictures; to be cleaned once more before it is shown."""
    return str(_MARKDOWN.renderer.render(tokens(text), _MARKDOWN.options, {}))


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Stars and underscores around words, never inside one: 5*10^6 and HLA-A*02:01 are no markup."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    run = state.scanDelims(state.pos, False)
    opens, closes = run.can_open and _opens(state, run.length), run.can_close and _closes(state, run.length)
    if _is_literal(state, marker, run.length) or not (opens or closes):
        state.pending += marker * run.length
    else:
        for _ in range(run.length):
            _delimiter(state, marker, run.length, opens=opens, closes=closes)
    state.pos += run.length
    return True


def _strikethrough(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "~":
        return False
    run = state.scanDelims(state.pos, False)
    opens, closes = run.can_open and _opens(state, run.length), run.can_close and _closes(state, run.length)
    if run.length != 2 or not (opens or closes):
        state.pending += "~" * run.length
    else:
        _delimiter(state, "~~", 0, opens=opens, closes=closes)
    state.pos += run.length
    return True


def _delimiter(state: StateInline, sign: str, length: int, *, opens: bool, closes: bool) -> None:
    state.push("text", "", 0).content = sign
    state.delimiters.append(Delimiter(marker=ord(sign[0]), length=length, token=len(state.tokens) - 1, end=-1,
                                      open=opens, close=closes))


def _around(state: StateInline, length: int) -> tuple[str, str]:
    end = state.pos + length
    return (state.src[state.pos - 1] if state.pos else " "), (state.src[end] if end < state.posMax else " ")


def _is_literal(state: StateInline, marker: str, length: int) -> bool:
    """__init__ is a name, and *02 an allele."""
    before, behind = _around(state, length)
    return (marker == "_" and length > 1) or (
        length == 1 and marker == "*" and (before.isdigit() or behind.isdigit()))


def _opens(state: StateInline, length: int) -> bool:
    left, right = _sides(state, length)
    return begins(left, right) and not is_quoted(left, right)


def _closes(state: StateInline, length: int) -> bool:
    left, right = _sides(state, length)
    return ends(left, right) and not is_quoted(left, right)


def _sides(state: StateInline, length: int) -> tuple[str, str]:
    end = state.pos + length
    return state.src[max(0, state.pos - _NEAR):state.pos], state.src[end:min(state.posMax, end + _NEAR)]


def _backslash(state: StateInline, silent: bool) -> bool:
    """Only before signs that would be markup without it; \\beta, \\% and \\( stay, and so does C:\\new\\*.txt."""
    sign = state.src[state.pos + 1:state.pos + 2]
    return sign in ("*", "`", "~") and _is_needed(state, sign) and escape(state, silent)


def _is_needed(state: StateInline, sign: str) -> bool:
    """Whether words would be marked but for a backslash: where they begin, or where what began like that ends."""
    left, right = _sides(state, 1)
    if sign == "~" and not right.startswith("~~"):
        return False
    if begins(left, right) and not (sign == "*" and right[1:2].isdigit()):
        return True
    return first_escape(state.src) < state.pos and ends(left, right)


def _entity(state: StateInline, silent: bool) -> bool:
    """Only what HTML itself has to write so; &alpha; stays."""
    return state.src.startswith(("&amp;", "&lt;", "&gt;", "&quot;"), state.pos) and entity(state, silent)


def _code(state: StateInline, silent: bool) -> bool:
    """No code begins inside a word: 5`-ATG-3` are the ends of a strand."""
    before, _ = _around(state, 1)
    if state.src[state.pos] != "`" or not before.isalnum():
        return bool(backtick(state, silent))
    length = len(state.src[state.pos:]) - len(state.src[state.pos:].lstrip("`"))
    if not silent:
        state.pending += "`" * length
    state.pos += length
    return True


def _link(state: StateInline, silent: bool) -> bool:
    return state.src[state.pos] == "[" and _leads_somewhere(state, state.pos) and link(state, silent)


def _image(state: StateInline, silent: bool) -> bool:
    return state.src.startswith("![", state.pos) and _leads_somewhere(state, state.pos + 1) and image(state, silent)


def _leads_somewhere(state: StateInline, start: int) -> bool:
    """A link has words to read and an address; where one of them is missing, what was typed is shown."""
    end = state.md.helpers.parseLinkLabel(state, start, False)
    return end >= 0 and is_visible(state.src[start + 1:end]) and (
        state.src.startswith("(", end + 1) and not _NO_DESTINATION.match(state.src, end + 1))


def _blockquote(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """A quotation, and not a number that is larger than another: every line of it begins with > and a word."""
    line, has_words = first, False
    while line < last and (text := getLine(state, line)).startswith(">"):
        words = text.lstrip("> \t")
        if text[1:2] not in ("", " ", "\t", ">") or (words and (
                _ABBREVIATION.match(words) or words.split()[0].lower() in _COMPARED)):
            return False
        line, has_words = line + 1, has_words or bool(words)
    return has_words and blockquote(state, first, last, silent)


def _heading(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """A heading; "# of patients" and "# 3" are none, and no sign at its end goes."""
    text = getLine(state, first)
    words = text.lstrip("#").lstrip()
    is_counted = text.startswith("# ") and (words[:1].islower() or words[:1].isdigit())
    if not words or is_counted:
        return False
    return not words.endswith("#") and heading(state, first, last, silent)


def _rule(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Of dashes only: stars stand for what is significant, and underscores for what is to be filled in."""
    return getLine(state, first).startswith("-") and hr(state, first, last, silent)


def _fence(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Code between ``` and ```, with at most the name of a language behind the first. Whatever else stands there would
    not be read, and neither would ``` that close nothing."""
    opens = getLine(state, first).strip()
    mark = opens[:len(opens) - len(opens.lstrip("`"))]
    is_code = len(mark) >= len("```") and opens[len(mark):].strip() in _LANGUAGES and any(
        text.startswith(mark) and not text.strip("`") for line in range(first + 1, last)
        if (text := getLine(state, line).strip()))
    return is_code and fence(state, first, last, silent)


def _table(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """A table that has a column for every cell; the parser would drop the others."""
    if not table(state, first, last, True):
        return False
    most = _cells(getLine(state, first))
    for line in range(first + 2, last):
        text = getLine(state, line)
        if not text.strip():
            break
        if _cells(text) > most:
            return False
    return silent or table(state, first, last, silent)


def _cells(text: str) -> int:
    return len(escapedSplit(text.strip().removeprefix("|").removesuffix("|")))


def _without_pictures(state: StateCore) -> None:
    """A picture is a link to itself: nothing that a page shows is loaded from elsewhere."""
    for block in state.tokens:
        if block.children and any(one.type == "image" for one in block.children):
            block.children = [piece for one in block.children for piece in (
                _as_link(one) if one.type == "image" else [one])]


def _as_link(picture: Token) -> Sequence[Token]:
    words = Token("text", "", 0, content=picture.content)
    return (Token("link_open", "a", 1, attrs={"href": str(picture.attrGet("src") or "")}), words,
            Token("link_close", "a", -1))


def _lists(state: StateCore) -> None:
    state.tokens = with_typed_marks(state.tokens)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    # Underlined lines, notes such as "[1]: Smith" and what stands further in are what they look like.
    parser.disable(["lheading", "reference", "code"])
    parser.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]
    inside = {"emphasis": _emphasis, "strikethrough": _strikethrough, "escape": _backslash, "entity": _entity,
              "backticks": _code, "link": _link, "image": _image}
    for name, inline_rule in inside.items():
        parser.inline.ruler.at(name, inline_rule)
    ends = ["paragraph", "reference", "blockquote", "list"]
    for name, block_rule, alt in (
            ("blockquote", _blockquote, ends), ("heading", _heading, ends[:3]), ("hr", _rule, ends),
            ("fence", _fence, ends), ("table", _table, ends[:2])):
        parser.block.ruler.at(name, block_rule, {"alt": alt})
    parser.core.ruler.push("pictures", _without_pictures)
    parser.core.ruler.push("typed_lists", _lists)
    return parser


_MARKDOWN = _parser()
