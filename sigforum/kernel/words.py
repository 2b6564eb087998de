"""Stored values in words."""

from typing import Any


def json_words(value: Any) -> str:
    """A stored value for readers: lists with semicolons, settings as name and value."""
    if isinstance(value, list):
        return "; ".join(json_words(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')}: {json_words(one)}" for name, one in value.items()
                         if one not in ("", None))
    return "none" if value is None else str(value).replace("_", " ")


def number_of(count: int, one: str, many: str | None = None) -> str:
    """A count with its word: "1 person", "3 people" for `many` people, "2 items" without."""
    return f"{count} {one if count == 1 else many or one + 's'}"
