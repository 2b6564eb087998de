"""From Markdown to HTML that is safe to show to others."""

import re
from functools import lru_cache

import nh3
from markupsafe import Markup

from sigforum.kernel.excerpts import plain_text
from sigforum.kernel.markdown import is_dense, rendered

__all__ = ["directed_html", "is_dense", "plain_text", "safe_html"]

_TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
         "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
_BLOCKS = re.compile(r"<(p|li|h[3-6]|th|td|pre)>")


# A response is shown to everyone in the room and changes seldom; parsing it is most of what a page costs.
@lru_cache(maxsize=4096)
def safe_html(text: str) -> Markup:
    """Markdown as HTML: no raw HTML, no images, no scripts; links say that they lead elsewhere.

    The renderer escapes raw HTML and the cleaner removes what is left, so that one mistake is not enough.
    """
    html = nh3.clean(
        rendered(text), tags=_TAGS, attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"}, link_rel="nofollow noopener noreferrer")
    return Markup(html)


@lru_cache(maxsize=4096)
def directed_html(text: str) -> Markup:
    """The same for a page, where each paragraph, item and cell takes its direction from its own words."""
    # A plain str: what is put into a Markup is escaped.
    return Markup(_BLOCKS.sub(r'<\1 dir="auto">', str(safe_html(text))))
