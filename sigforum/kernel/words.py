"""Stored values in words."""

import math
import re
from typing import Any

_CODE = re.compile(r"[a-z]+(?:_[a-z]+)+")


def json_words(value: Any) -> str:
    """A stored value for readers: lists with semicolons, settings as name and value."""
    if isinstance(value, list):
        return "; ".join(json_words(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')}: {json_words(one)}" for name, one in value.items()
                         if one not in ("", None))
    return "none" if value is None else code_words(str(value))


def code_words(text: str) -> str:
    """One of our own words, such as after_reveal, without its underscores. What people typed stays: IL_2 is a name."""
    return text.replace("_", " ") if _CODE.fullmatch(text) else text


def told_seconds(seconds: float) -> int:
    """The wait that is told where so many seconds are left: whole seconds, beyond ninety whole minutes, never less."""
    whole = max(1, math.ceil(seconds))
    return whole if whole <= 90 else 60 * -(-whole // 60)


def wait_text(seconds: float) -> str:
    """A told wait in words."""
    told = told_seconds(seconds)
    return number_of(told, "second") if told <= 90 else f"{told // 60} minutes"


def number_of(count: int, one: str, many: str | None = None) -> str:
    """A count with its word: "1 person", "3 people" for `many` people, "2 items" without."""
    return f"{count} {one if count == 1 else many or one + 's'}"
