"""The life of an export, and the names of its files."""

import re
from enum import StrEnum

# The one format that is no plug-in: every forum session in all of them.
BUNDLE = "zip"


class ExportState(StrEnum):
    """How far a file has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    # It was made and kept for its time; the row stays, so that it can be made again.
    EXPIRED = "expired"


# Somebody waits for these.
UNFINISHED = (ExportState.QUEUED, ExportState.RUNNING)
# These can be asked for again.
WITHOUT_FILE = (ExportState.FAILED, ExportState.CANCELLED, ExportState.EXPIRED)
_PLACES = ("Next", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


def place_in_line(ahead: int) -> str:
    """Where an export stands that has so many waiting before it, in words."""
    return f"{_PLACES[ahead]} in line" if ahead < len(_PLACES) else f"Waiting behind {ahead} others"


def file_name(name: str, extension: str) -> str:
    """The name of a file: `name` is a forum session's code or a meeting's slug."""
    return f"sigforum-{safe_name(name)}-summary.{extension}"


def safe_name(name: str) -> str:
    """A name that every file system and every archive takes: no blanks, slashes or leading dots."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "session"


def safe_file_name(name: str) -> str:
    """The same for the name of a file with its ending."""
    stem, _, ending = name.rpartition(".")
    return f"{safe_name(stem)}.{ending}"


def distinct_names(names: list[str]) -> list[str]:
    """Safe names in the same order, numbered where two would be one file on some systems."""
    taken: set[str] = set()
    found = []
    for name in names:
        candidate, number = safe_name(name), 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{safe_name(name)}-{number}"
        taken.add(candidate.casefold())
        found.append(candidate)
    return found
