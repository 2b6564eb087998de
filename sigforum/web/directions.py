"""Each text takes its direction from its own words: what people wrote from right to left stands so on every page.

Templates need not think of it. As they are compiled, what they print between tags is looked at: a text that fills an
element gives the element `dir="auto"`, one that stands among other words is set apart by `<bdi>`. A text without a
letter written from right to left is printed as ever.
"""

import re
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension
from markupsafe import Markup, escape

# Hebrew, Arabic, Syriac, Thaana, N'Ko and their kin, and the signs that turn what follows them.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff"
                            "\U0001e800-\U0001efff]")
# Elements whose words stand for themselves, and those in which no other element may stand.
_FILLED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dd", "dt", "legend", "figcaption", "caption",
           "label", "summary", "blockquote", "cite", "span", "b", "strong", "em", "i", "small", "q", "a", "del", "ins",
           "div", "pre", "button"}
_BARE = {"title", "textarea", "script", "style", "svg", "option"}
# What is HTML already has its directions from where it was made; what is called is made twice if it is asked twice.
_MADE_ELSEWHERE = re.compile(r"(?<!\| )\b\w+\(|html\b|\| (?:markdown|safe)\b")
_TAG_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)?")


class InlineMarkup(Markup):
    """A text of people's own with marks inside it, which takes its direction as plain text does."""


def turned(*values: Any) -> Markup:
    """The attribute of an element that holds these texts; nothing where none is written from right to left."""
    return Markup(' dir="auto"') if any(map(_is_turned, values)) else Markup("")


def set_apart(value: Any) -> Any:
    """The text, set apart from the words around it where it is written from right to left."""
    return Markup("<bdi>{}</bdi>").format(escape(value)) if _is_turned(value) else value


def _is_turned(value: Any) -> bool:
    if not isinstance(value, str) or value.isascii() or (
            isinstance(value, Markup) and not isinstance(value, InlineMarkup)):
        return False
    return _RIGHT_TO_LEFT.search(value) is not None


class OwnDirections(Extension):
    """Looks at what an HTML template prints between tags, as it is compiled."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters["set_apart"] = set_apart
        environment.globals["turned"] = turned

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template with its texts directed; other files than HTML are as they were."""
        return _Directed(source).text() if (name or "").endswith(".html") else source


def _expression_in(printed: str) -> str:
    """What is printed, without the marks that take blanks away around it."""
    return printed.removeprefix("-").removesuffix("-").strip()


class _Directed:
    """One reading of a template, from its beginning to its end."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0
        self.done: list[str] = []
        self.bare = ""

    def text(self) -> str:
        while self.at < len(self.source):
            if self.source.startswith(("{#", "{%"), self.at):
                self._copy_to(self._end_of("#}" if self.source[self.at + 1] == "#" else "%}"))
            elif self.source.startswith("{{", self.at):
                self._print()
            elif self.source[self.at] == "<" and self.source[self.at + 1:self.at + 2].strip(" =\n"):
                self._tag()
            else:
                self._copy_to(self.at + 1)
        return "".join(self.done)

    def _copy_to(self, end: int) -> None:
        self.done.append(self.source[self.at:end])
        self.at = end

    def _end_of(self, mark: str) -> int:
        end = self.source.find(mark, self.at + 2)
        return len(self.source) if end < 0 else end + len(mark)

    def _expression(self, start: int) -> tuple[str, int]:
        """What is printed from here, and where that ends; braces and signs in strings end nothing."""
        depth, quote, at = 0, "", start + 2
        while at < len(self.source):
            one = self.source[at]
            if quote:
                quote = "" if one == quote else quote
            elif one in "\"'":
                quote = one
            elif one == "{":
                depth += 1
            elif one == "}" and depth:
                depth -= 1
            elif one == "}":
                return _expression_in(self.source[start + 2:at]), at + 2
            at += 1
        return "", len(self.source)

    def _print(self) -> None:
        expression, end = self._expression(self.at)
        if self.bare or not expression:
            self._copy_to(end)
            return
        opening = "{{-" if self.source.startswith("{{-", self.at) else "{{"
        closing = "-}}" if self.source.startswith("-}}", end - 3) else "}}"
        self.done.append(f"{opening} ({expression}) | set_apart {closing}")
        self.at = end

    def _tag(self) -> None:
        found = _TAG_NAME.match(self.source, self.at)
        name = (found[1] or "").lower() if found else ""
        is_end = self.source.startswith("</", self.at)
        end = self._end_of_tag()
        self._copy_to(end)
        # An option needs no end tag: whatever comes next ends it.
        if is_end or self.bare == "option":
            self.bare = "" if self.bare in (name, "option") else self.bare
        if is_end:
            return
        if not self.bare and not self.source.startswith("/>", end - 2):
            if name in _BARE:
                self.bare = name
            if name == "option" or name in _FILLED:
                self._fill(name, is_list=name == "option")

    def _end_of_tag(self) -> int:
        at, quote = self.at + 1, ""
        while at < len(self.source):
            if self.source.startswith(("{{", "{%", "{#"), at):
                at = self._expression(at)[1] if self.source[at + 1] == "{" else self.source.index(
                    "%}" if self.source[at + 1] == "%" else "#}", at) + 2
                continue
            one = self.source[at]
            if quote:
                quote = "" if one == quote else quote
            elif one in "\"'":
                quote = one
            elif one == ">":
                return at + 1
            at += 1
        return len(self.source)

    def _fill(self, name: str, *, is_list: bool) -> None:
        """Give the element that was just opened the direction of its words, where nothing else stands in it."""
        end = self.source.find(f"</{name}>", self.at)
        inside = self.source[self.at:end] if end >= 0 else ""
        printed, ends = self._printed_until(end)
        is_alone = len(printed) == 1 and inside.strip().startswith("{{") and not self.source[ends:end].strip()
        if not printed or "{%" in inside or " dir=" in self.done[-1] or not (is_list or is_alone) or any(
                _MADE_ELSEWHERE.search(one) for one in printed):
            return
        self.done[-1] = f"{self.done[-1][:-1]}{{{{ turned({', '.join(printed)}) }}}}>"
        self._copy_to(end)

    def _printed_until(self, end: int) -> tuple[list[str], int]:
        """All that is printed from here on, and where the last of it ends."""
        printed, at = [], self.at
        while 0 <= (begins := self.source.find("{{", at)) < end:
            expression, at = self._expression(begins)
            printed.append(expression)
        return printed, at
