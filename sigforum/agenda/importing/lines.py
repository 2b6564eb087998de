"""The stream of source lines that plain text, Markdown and HTML are all reduced to."""

import re
from dataclasses import dataclass

from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.kernel.text import one_line

MAX_LINES = 20_000
# What a question ends with: in Latin and most scripts, Chinese and Japanese, Arabic and Persian, Armenian and Ethiopic.
# The Greek one cannot be told from a semicolon.
QUESTION_MARKS = ("?", "？", "؟", "՞", "፧")
BULLET_MARKS = "•◦▪●‣∙·*-–—"
_INVISIBLE = str.maketrans("", "", "\u200b\u2060\ufeff\u00ad")
# Persian and Indian words and pictures of several parts are written with these; elsewhere they hide in pages.
_STRAY_JOINER = re.compile(rf"(?<![^\x00-\xa0\s{re.escape(BULLET_MARKS)}“”‘’„«»…])[\u200c\u200d]+")
_RAISED = "0123456789+-\u2212"
_RAISED_SIGNS = str.maketrans(_RAISED, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED_SIGNS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_BULLET = re.compile(rf"[{re.escape(BULLET_MARKS)}]\s+(?=\S)|[•◦▪●‣]\s*(?=\S)|\+\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line that says something; `heading` is its level in Markdown or HTML, None elsewhere."""

    number: int
    text: str
    heading: int | None = None
    is_bullet: bool = False
    is_indented: bool = False
    follows_blank: bool = False


def tidy(text: str) -> str:
    """The text with single plain spaces and without characters nobody can see."""
    return " ".join(one_line(_STRAY_JOINER.sub("", text.translate(_INVISIBLE))).split())


def raised(text: str) -> str:
    """What a page raises, so that 10<sup>6</sup> does not become 106; 1<sup>st</sup> stays a word."""
    if text.strip() and all(one in _RAISED for one in text.strip()):
        return text.translate(_RAISED_SIGNS)
    return f"^{text.strip()}" if any(one.isdigit() for one in text) else text


def lowered(text: str) -> str:
    """What a page lowers, so that log<sub>10</sub>2 does not become log102."""
    return text.translate(_LOWERED_SIGNS) if text.strip().isascii() and text.strip().isdigit() else text


def split_bullet(text: str) -> tuple[bool, str]:
    """Whether the text opens with a list mark, and the text without it."""
    mark = _BULLET.match(text)
    return (True, text[mark.end() :]) if mark else (False, text)


def numbered(text: str) -> list[str]:
    """The lines of a text; refuses more lines than any agenda has, before work is spent on them."""
    if text.count("\n") > MAX_LINES:
        raise AgendaUnreadable(f"The text has more than {MAX_LINES:,} lines; this is not an agenda.")
    return text.split("\n")
