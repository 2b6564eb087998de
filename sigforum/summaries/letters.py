"""Which characters the letters of this machine draw, asked before a PDF is made."""

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from sigforum.resources import resource
from sigforum.summaries.document.summary import Summary
from sigforum.summaries.drawable import drawable
from sigforum.web.rendering import plural

# So many of the characters that are not drawn are named.
MOST_NAMED = 12
_ASK_SECONDS = 10
_RANGE = re.compile(r"([0-9a-fA-F]{2,6})(?:-([0-9a-fA-F]{2,6}))?")
_BEYOND_LATIN = re.compile(r"[^\x00-\xff]")


@dataclass(frozen=True)
class Script:
    """A script that meetings write, some of its characters, and what brings its letters to Debian and Ubuntu."""

    name: str
    sample: str
    package: str


SCRIPTS = (
    Script("Greek, Cyrillic and technical signs", "αβжщ≤≥→∑√", "fonts-dejavu-core"),
    Script("Arabic", "بتثجح", "fonts-noto-core"),
    Script("Hebrew", "אבגדה", "fonts-noto-core"),
    Script("Devanagari", "अआकखग", "fonts-noto-core"),
    Script("Thai", "กขคงจ", "fonts-noto-core"),
    Script("Chinese", "的一是细胞", "fonts-noto-cjk"),
    Script("Japanese", "あいアイ胞", "fonts-noto-cjk"),
    Script("Korean", "가나다세포", "fonts-noto-cjk"),
    Script("emoji", "😀🧬👍", "fonts-noto-color-emoji"),
)


def missing_scripts() -> list[Script] | None:
    """The scripts of which this machine lacks letters; None where it cannot be asked."""
    ranges = _ranges()
    return None if ranges is None else [one for one in SCRIPTS if _undrawn(one.sample, ranges)]


def undrawn_characters(summary: Summary) -> str:
    """The characters of a document for which a PDF would show boxes, in their order; none where it cannot be asked."""
    ranges = _ranges()
    return "" if ranges is None else _undrawn("".join(_texts(drawable(summary))), ranges)


def undrawn_text(characters: str) -> str:
    """The same in two sentences, empty where all are drawn."""
    if not characters:
        return ""
    named = ", ".join(f"{one} U+{ord(one):04X}" for one in characters[:MOST_NAMED])
    more = f" and {len(characters) - MOST_NAMED} more" if len(characters) > MOST_NAMED else ""
    return (f"The fonts of this server do not draw {plural(len(characters), 'character')} that people typed: "
            f"{named}{more}. A PDF shows a box for each; the web page, the Word file and the data files hold them.")


def _undrawn(text: str, ranges: Sequence[tuple[int, int]]) -> str:
    return "".join(sorted(one for one in set(_BEYOND_LATIN.findall(text))
                          if not _is_invisible(one) and not any(low <= ord(one) <= high for low, high in ranges)))


def _is_invisible(one: str) -> bool:
    """Whether a character has no shape of its own: blanks, joiners, marks of direction, selectors of a variant."""
    return (unicodedata.category(one) in ("Cf", "Cc", "Zs", "Zl", "Zp")
            or "VARIATION SELECTOR" in unicodedata.name(one, ""))


@cache
def _ranges() -> tuple[tuple[int, int], ...] | None:
    """From and to of what any font draws: those of the machine and those that come with the project."""
    tool = shutil.which("fc-list")
    if tool is None:
        return None
    try:
        found = subprocess.run([tool, "--format", "%{charset}\n"], capture_output=True, text=True, check=True,
                               timeout=_ASK_SECONDS).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    own = (resource("static") / "vendor" / "print" / "fonts.css").read_text("utf-8")
    own = " ".join(re.findall(r"unicode-range: ([^;]*);", own)).replace("U+", "")
    ranges = {(int(low, 16), int(high or low, 16)) for low, high in _RANGE.findall(f"{found} {own}")}
    return tuple(_joined(sorted(ranges)))


def _joined(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start, end = -1, -2
    for low, high in ranges:
        if low > end + 1:
            if start >= 0:
                yield start, end
            start, end = low, high
        end = max(end, high)
    if start >= 0:
        yield start, end


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts(name)
            yield from _texts(item)
