"""A page as a tree, and fragments applied to it as the page's own script does (static/js/patch.js)."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

# What differs between a page and the same page mended, and what a reader may not miss: tokens, keys, the
# reader's own marks of reading, and what the own ballot's script shows beside it.
_TOKENS = ("csrf_token", "key")
REGIONS = ("discussion", "poll-list", "priorities-list", "discussion-count")


_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Reader(HTMLParser):
    """Builds a tree, and insists that every element is closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.builder, self.open = TreeBuilder(), [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        self.open.append(tag)
        if tag in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        assert self.open.pop() == tag, f"</{tag}> closes something else, at {self.getpos()}"
        self.builder.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of a drawing, closed as it stands."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        """Text."""
        self.builder.data(data)


def parse(html: str) -> Element:
    """A page, or fragments inside a root of their own."""
    reader = _Reader()
    reader.feed(f"<root>{html}</root>")
    reader.close()
    return reader.builder.close()


def find(tree: Element, identifier: str) -> Element | None:
    """The element with an id."""
    return next((element for element in tree.iter() if element.get("id") == identifier), None)


class LivePage:
    """An open page."""

    def __init__(self, html: str) -> None:
        self.tree = parse(html)
        self.versions: dict[str, int] = {}

    def apply(self, fragment: dict) -> None:
        """Replace what has the fragment's id, or put it where it belongs."""
        identifier, version = fragment["id"], fragment["version"]
        if version and version < self.versions.get(identifier, 0):
            return
        if version:
            self.versions[identifier] = version
        old = find(self.tree, identifier)
        parents = {child: parent for parent in self.tree.iter() for child in parent}
        if not fragment["html"]:
            if old is not None:
                parents[old].remove(old)
            return
        new = parse(fragment["html"])[0]
        if old is not None:
            keep_what_is_kept(old, new)
            new.tail = old.tail
            parent = parents[old]
            parent[list(parent).index(old)] = new
        elif (place := find(self.tree, fragment["into"]) if fragment["into"] else None) is not None:
            place.insert(_position(place, new), new)

    def regions(self, names: Iterable[str] = REGIONS) -> dict[str, object]:
        """What readers see of the live parts, in a form that can be compared."""
        return {name: None if (found := find(self.tree, name)) is None else _plain(found) for name in names}


def keep_what_is_kept(old: Element, new: Element) -> None:
    """Elements marked data-keep that both versions have stay as they are on the page."""
    if old.get("data-keep") and old.get("data-keep") == new.get("data-keep"):
        new[:] = list(old)
        new.attrib, new.text = old.attrib, old.text
        return
    kept = {(one.get("id"), one.get("data-keep")): one for one in old.iter() if one.get("data-keep")}
    for index, child in enumerate(list(new)):
        same = kept.get((child.get("id"), child.get("data-keep")))
        if same is not None and child.get("data-keep"):
            new[index] = same
        else:
            _keep_below(kept, child)


def _keep_below(kept: dict, new: Element) -> None:
    for index, child in enumerate(list(new)):
        same = kept.get((child.get("id"), child.get("data-keep"))) if child.get("data-keep") else None
        if same is not None:
            new[index] = same
        else:
            _keep_below(kept, child)


def _position(place: Element, new: Element) -> int:
    def number(element: Element) -> int:
        return int(re.findall(r"\d+$", element.get("id", "0"))[0])
    if place.get("data-insert") != "first":
        return len(place)
    older = [index for index, child in enumerate(place) if number(child) < number(new)]
    return older[0] if older else len(place)


def _plain(element: Element) -> tuple:
    attributes = dict(element.attrib)
    attributes.pop("data-unread", None)
    if element.tag == "input" and attributes.get("name") in _TOKENS:
        attributes["value"] = "?"
    children = [_plain(child) for child in element if not _is_own(child)]
    texts = [element.text or "", *(child.tail or "" for child in element)]
    words = " ".join(" ".join(texts).split())
    return element.tag, tuple(sorted(attributes.items())), words, tuple(children)


def _is_own(element: Element) -> bool:
    # The count of unread responses is the reader's own. A ballot's foot says what its script has saved.
    return element.get("id") == "reading" or "ballot-foot" in (element.get("class") or "").split()
