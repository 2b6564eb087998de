"""Where a sign of markup begins or ends words, and where it is a sign that somebody wrote about."""

import re
import unicodedata
from functools import lru_cache

_BEFORE_OPENING, _BEHIND_CLOSING = "([{\"'“‘«„¿¡*_~>–—", ".,;:!?)]}\"'”’»…*_~<–—"
# What may stand between such a sign and the words that it marks: other signs, and what opens or closes the words.
_MARKS = "*_~`"
_OPENING, _CLOSING = "([{\"'“‘«„¿¡≥≤<>±−+-$€£#@&§", ".,;:!?)]}\"'”’»…%‰+°′″"
_QUOTES = "\"'"
_PERCENT = re.compile(r"\s[%‰]")
_ESCAPED = re.compile(r"(?<![^\s(\[{\"'“‘«„])\\[*`~]")


def begins(left: str, right: str) -> bool:
    """Whether a word begins behind a sign, and none ends before it: "(*)" and "*.csv" mark nothing."""
    before = left.rstrip(_MARKS)[-1:]
    is_outside = not before or before.isspace() or before in _BEFORE_OPENING
    return is_outside and _is_word(right.lstrip(_MARKS + _OPENING)[:1])


def ends(left: str, right: str) -> bool:
    """The same for a sign behind words."""
    behind = right.lstrip(_MARKS)[:1]
    is_outside = not behind or behind.isspace() or behind in _BEHIND_CLOSING
    return is_outside and _is_word(_PERCENT.sub("%", left).rstrip(_MARKS + _CLOSING)[-1:])


def _is_word(sign: str) -> bool:
    return bool(sign) and (unicodedata.category(sign)[0] in "LMN" or unicodedata.category(sign) in ("So", "Sc"))


def is_quoted(left: str, right: str) -> bool:
    """'*' is a sign that somebody speaks of."""
    return left[-1:] == right[:1] != "" and left[-1] in _QUOTES


@lru_cache(maxsize=8)
def first_escape(text: str) -> int:
    """Where the first sign stands that would mark words but for its backslash; the length where there is none."""
    found = _ESCAPED.search(text)
    return found.start() if found else len(text)
