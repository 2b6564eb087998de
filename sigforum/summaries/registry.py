"""The formats a summary can be written in, found in their folder."""

from collections.abc import Callable
from dataclasses import dataclass

from sigforum.kernel.errors import NotFound
from sigforum.kernel.registry import load_plugins
from sigforum.summaries.document.summary import Summary

FORMATS_FOLDER = "sigforum.summaries.formats"


@dataclass(frozen=True, kw_only=True)
class SummaryFormat:
    """What a file in formats/ provides as FORMAT. `write` is a function of the document alone: the same
    document gives the same bytes."""

    name: str
    label: str
    extension: str
    mimetype: str
    description: str
    write: Callable[[Summary], bytes]


def all_formats() -> dict[str, SummaryFormat]:
    """Every format by name."""
    return dict(load_plugins(FORMATS_FOLDER, "FORMAT"))


def format_named(name: str) -> SummaryFormat:
    """The format of this name. Raises NotFound, with the names there are."""
    formats = all_formats()
    if name not in formats:
        raise NotFound(f"There is no format '{name}'. There are: {', '.join(formats)}, zip.")
    return formats[name]
