"""Reads YAML into values that remember their line, in one pass and without the parts that can explode."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.kernel.text import typed

_DEEPEST = 12
_MOST_NODES = 100_000
_NULLS = {"", "~", "null", "Null", "NULL"}
# The parser in C is about ten times as fast; some builds of PyYAML come without it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value with its line: exactly one of text, items and entries counts, none of them for null."""

    line: int
    text: str | None = None
    items: list["Node"] | None = None
    entries: dict[str, "Node"] | None = None
    _waiting_key: str | None = field(default=None, repr=False)

    @property
    def is_null(self) -> bool:
        """Whether nothing was written here."""
        return self.text is None and self.items is None and self.entries is None


def read_nodes(text: str) -> Node:
    """The only document of a YAML text; raises AgendaUnreadable with the line of the first mistake."""
    try:
        return _build(iter(yaml.parse(text, Loader=_LOADER)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "it cannot be read"
        raise AgendaUnreadable(
            f"This is not valid YAML: {problem}.", mark.line + 1 if mark else None
        ) from error
    except yaml.YAMLError as error:
        raise AgendaUnreadable(
            "This is not valid YAML: it holds a character that YAML does not allow."
        ) from error


def _build(events: Iterator[Any]) -> Node:
    root: Node | None = None
    open_nodes: list[Node] = []
    count = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise AgendaUnreadable("References (*name) are not allowed in an agenda.", line)
        if isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
            continue
        node = _node(event, line)
        if node is None:
            continue
        count += 1
        if count > _MOST_NODES or len(open_nodes) >= _DEEPEST:
            raise AgendaUnreadable("This is too large or too deeply nested for an agenda.", line)
        if open_nodes:
            _attach(node, parent=open_nodes[-1])
        elif root is None:
            root = node
        else:
            raise AgendaUnreadable("The file holds more than one document.", line)
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append(node)
    if root is None:
        raise AgendaUnreadable("The file holds no agenda.")
    return root


def _node(event: Any, line: int) -> Node | None:
    if isinstance(event, yaml.ScalarEvent):
        # Only an unquoted null is null; any other text is kept, so that a code like 1.10 stays one.
        is_null = event.style in (None, "") and event.value in _NULLS
        return Node(line, text=None if is_null else typed(event.value).replace("\0", ""))
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(line, items=[])
    if isinstance(event, yaml.MappingStartEvent):
        return Node(line, entries={})
    return None


def _attach(node: Node, *, parent: Node) -> None:
    if parent.items is not None:
        parent.items.append(node)
    elif parent.entries is not None and parent._waiting_key is None:
        if node.text is None:
            raise AgendaUnreadable("A name was expected here.", node.line)
        if node.text in parent.entries:
            raise AgendaUnreadable(f"'{node.text[:80]}' stands here a second time.", node.line)
        parent._waiting_key = node.text
    elif parent.entries is not None and parent._waiting_key is not None:
        parent.entries[parent._waiting_key] = node
        parent._waiting_key = None
