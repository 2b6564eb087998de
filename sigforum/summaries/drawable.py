"""A document as files can hold it: one place for every format that draws, whatever was stored and frozen before."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from sigforum.kernel.text import drawn

Part = TypeVar("Part")


def drawable(document: Part) -> Part:
    """The same document; characters that XML and office files have no place for are replacement characters. What is
    hashed, voted on and checked is the document itself, which is written as data without this."""
    found: Part = _drawable(document)
    return found


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        # Words of a fixed list are enumerations, and have nothing to replace.
        return value if type(value) is not str or value.isprintable() else drawn(value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {one.name: after for one in fields(value) if one.init
                   and (after := _drawable(before := getattr(value, one.name))) is not before}
        return replace(value, **changed) if changed else value
    if isinstance(value, tuple):
        return _same_or(value, tuple(map(_drawable, value)))
    if isinstance(value, list):
        return _same_or(value, list(map(_drawable, value)))
    if isinstance(value, Mapping):
        after = {_drawable(name): _drawable(one) for name, one in value.items()}
        return value if all(value.get(name, after) is one for name, one in after.items()) else after
    return value


def _same_or(before: Any, after: Any) -> Any:
    return before if all(old is new for old, new in zip(before, after, strict=True)) else after
