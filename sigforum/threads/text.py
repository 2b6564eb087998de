"""From Markdown to HTML that is safe to show to others."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
         "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def plain_text(text: str) -> str:
    """What a reader sees of Markdown, in one line and without its signs."""
    words: list[str] = []
    for block in _MARKDOWN.parse(text):
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
        _MARKDOWN.render(text), tags=_TAGS, attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"}, link_rel="nofollow noopener noreferrer")
    return Markup(html)
