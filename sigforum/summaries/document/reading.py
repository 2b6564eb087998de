"""From plain JSON back to a summary: a published version is read as it was written, field by field."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Found = TypeVar("Found")


def read_document(kind: type[Found], stored: Mapping[str, Any]) -> Found:
    """A frozen value of this kind. A field that the JSON does not know yet keeps its default, and one that this
    program does not know any more is left out. Raises KeyError for a field that must be there."""
    hints = _hints(cast(Any, kind))
    return kind(**{field.name: _read(hints[field.name], stored[field.name])
                   for field in fields(cast(Any, kind)) if field.init and (
                       field.name in stored or not _has_default(field))})


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _has_default(field: Any) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _read(hint: Any, value: Any) -> Any:
    if value is None or hint is Any:
        return value
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _read(next(one for one in get_args(hint) if one is not type(None)), value)
    if origin is tuple:
        return tuple(_read(get_args(hint)[0], one) for one in value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    if hint is float:
        return float(value)
    return value if hint in (str, int, bool) else read_document(hint, value)
