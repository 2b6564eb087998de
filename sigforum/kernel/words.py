"""Stored values in words."""

import math
import re
from typing import Any

# A full stop that is no part of an abbreviation or of dots; and other signs that end a sentence, closed in or not.
_FULL_STOP = re.compile(r"(?<![.．。｡])(?<!\.[^\W\d])[.．。｡]$")
_CLOSING_SIGN = re.compile(r"[.．。｡?？!！…‽][\"'”’»)\]]*$")
_CODE = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
# Names under which one of our own words stands, and never what somebody typed.
_CODE_NAMES = frozenset({
    "attribution", "convention", "did", "disagreement", "field", "format", "half_medians", "kind", "listing",
    "majority_of", "means", "needed", "outside", "pace", "pace_before", "role", "rule", "secrecy", "stance",
    "state", "status", "template", "variant", "verb", "visibility", "who_counts"})
# Under these stands what was typed, whatever it looks like.
_TYPED_NAMES = frozenset({
    "affiliation", "affiliation_here", "criteria", "high_label", "invited_affiliation", "invited_name", "label",
    "low_label", "name", "name_here", "no_label", "options", "owner", "reason", "role_label",
    "stakeholder_group", "statements", "text", "theme", "title", "unit", "yes_label"})
# Our own words with an underscore, for values of names that hold both, such as what was before and after a change.
OUR_WORDS = frozenset({
    "after_reveal", "as_meeting", "at_once", "consensus_against", "consensus_for", "erased_later", "in_review",
    "left_out", "nearly_all", "no_consensus", "no_disagreement", "not_listed", "open_question",
    "out50_each_group", "panel_size", "removed_later", "secret_round", "signed_off", "too_few", "variant_out50",
    "with_reservations"})


def json_words(value: Any, name: str = "") -> str:
    """A stored value for readers: lists with semicolons, settings as name and value. `name` is that of the value; our
    own words lose their underscores under it, and what people typed stands as they typed it."""
    if isinstance(value, list):
        return "; ".join(json_words(one, name) for one in value)
    if isinstance(value, dict):
        # The name of a stored rule is one of ours; every other name is somebody's or something's.
        ours = {"name": "rule"} if "params" in value else {}
        return ", ".join(f"{key.replace('_', ' ')}: {json_words(one, str(ours.get(key, key)))}"
                         for key, one in value.items() if one not in ("", None))
    return "none" if value is None else code_words(str(value), name)


def code_words(text: str, name: str = "") -> str:
    """One of our own words, such as after_reveal, without its underscores. What people typed stays: IL_2 is a name, and
    so is snake_case."""
    is_ours = name in _CODE_NAMES or (text in OUR_WORDS and name not in _TYPED_NAMES)
    return text.replace("_", " ") if is_ours and _CODE.fullmatch(text) else text


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


def named(text: str) -> str:
    """What somebody typed, as words inside a sentence of ours: without its own full stop, and in quotation marks where
    it ends with another sign that would close the sentence."""
    words = _FULL_STOP.sub("", text) or text
    return f"“{words}”" if _CLOSING_SIGN.search(words) else words
