"""A report as two things that say the same: figures under fixed names, and lines to read."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Readout:
    """`figures` can be written as JSON; `lines` are plain sentences."""

    figures: dict[str, Any]
    lines: tuple[str, ...]


def sentence(text: str) -> str:
    """A readout as a sentence of its own: first letter large, one full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
