"""A summary as plain JSON values, and the one canonical text that is hashed."""

import json
from collections.abc import Mapping
from dataclasses import Field, field, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

_LATER = "came_later"


def came_later(default: Any = None) -> Any:
    """A field that came after versions of this schema were published: while it holds its default it is left out, so
    that what was published before is written as it was, with the hash it had."""
    return field(default=default, metadata={_LATER: True})


def plain(value: Any) -> Any:
    """A value of this module as JSON has it: moments in UTC, fractions to six decimals, 7.0 as 7.

    Shares and medians are the only fractions; six decimals are more than any panel can bear, and a number
    without exponent is written alike by every JSON library, so that anybody can recompute the hash.
    """
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value) if not _says_nothing(value, one)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        rounded = round(value, 6)
        return int(rounded) if rounded.is_integer() else rounded
    return str(value) if isinstance(value, str) else value


def _says_nothing(value: Any, one: Field[Any]) -> bool:
    return bool(one.metadata.get(_LATER)) and getattr(value, one.name) == one.default


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no blanks, as RFC 8785 has it; what is hashed."""
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
