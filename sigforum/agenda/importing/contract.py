"""What a module in this folder offers to become an agenda format."""

from collections.abc import Callable
from dataclasses import dataclass

from sigforum.agenda.domain import AgendaPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaFormat:
    """A format: `recognises` looks at a text cheaply, `parse` reads it, `write` is None for reading only.

    A fallback is asked last and may recognise every text.
    """

    name: str
    label: str
    extensions: tuple[str, ...]
    recognises: Callable[[str], bool]
    parse: Callable[[str], AgendaPlan]
    write: Callable[[AgendaPlan], str] | None = None
    is_fallback: bool = False
