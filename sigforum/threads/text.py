"""From Markdown to HTML that is safe to show to others."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
         "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
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


def parser_of(text: str) -> MarkdownIt:
    """What reads a text: Markdown, or nothing but lines where its signs are too many."""
    return _AS_TYPED if is_dense(text) else _MARKDOWN


@lru_cache(maxsize=1024)
def plain_text(text: str) -> str:
    """What a reader sees of Markdown, in one line and without its signs."""
    words: list[str] = []
    for block in parser_of(text).parse(text):
        # Blocks hold their words themselves, as code does, or in the pieces of a line.
        pieces = block.children or () if block.type == "inline" else (block,)
        words += [" " if piece.type.endswith("break") else piece.content for piece in pieces]
        words.append(" ")
    return " ".join("".join(words).split())


# A response is shown to everyone in the room and changes seldom; parsing it is most of what a page costs.
@lru_cache(maxsize=4096)
def safe_html(text: str) -> Markup:
    """Markdown as HTML: no raw HTML, no images, no scripts; links say that they lead elsewhere.

    The renderer escapes raw HTML and the cleaner removes what is left, so that one mistake is not enough.
    """
    html = nh3.clean(
        parser_of(text).render(text), tags=_TAGS, attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"}, link_rel="nofollow noopener noreferrer")
    return Markup(html)
