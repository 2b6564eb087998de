"""JSON that everybody who opens the file reads alike."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from sigforum.verification.sheet import Damaged

# A megabyte of archive can hold more lists than memory; eighty thousand ranked ballots have a fifth of these values.
MOST_VALUES = 10_000_000


def refuse_floods(texts: Iterable[bytes]) -> None:
    """Raises Damaged where the values of these files, read as JSON, would fill the memory. They are told by their
    commas and brackets, before anything is read."""
    values = sum(text.count(sign) for text in texts for sign in (b",", b"[", b"{"))
    if values > MOST_VALUES:
        raise Damaged(f"There are {values:,} values in the JSON; at most {MOST_VALUES:,} are read.")


def read_json(text: bytes) -> Any:
    """A JSON value as it stands in a file. Raises Damaged, also for what programs read in different ways: a name that
    stands twice in one object, a number that is none or endless, half a character, and endless nesting."""
    refuse_floods([text])
    try:
        found = json.loads(text.decode("utf-8"), parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_once)
        if b"\\ud" in text.lower():
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as problem:
        raise Damaged("This is no JSON: half a character stands in it.") from problem
    except (ValueError, RecursionError) as problem:
        raise Damaged(f"This is no JSON: {problem}") from problem
    return found


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    """One program takes the first of two values of one name, another the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"“{next(name for name in names if names.count(name) > 1)}” stands there twice")
    return found
