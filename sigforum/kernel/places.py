"""Named places that higher features fill: a lower feature asks, and does not know who answers."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_FILLERS: dict[str, list[Callable[..., Any]]] = defaultdict(list)


def fills(place: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function that answers when a page or an action asks for `place`."""
    def register(filler: Callable[..., Any]) -> Callable[..., Any]:
        _FILLERS[place].append(filler)
        return filler
    return register


def collect(place: str, **context: Any) -> list[Any]:
    """Every feature's answer for a place, in the order in which app.py names the features."""
    return [filler(**context) for filler in _FILLERS[place]]
