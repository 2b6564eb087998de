"""Input of the audit log's filter, of erasure and of retention."""

from collections.abc import Mapping
from datetime import date

from sigforum.audit.queries import Wanted
from sigforum.kernel.clock import is_in_reach
from sigforum.kernel.errors import Invalid
from sigforum.oversight.domain import LONGEST_RETENTION_DAYS, Texts


def parse_wanted(raw: Mapping[str, str]) -> Wanted:
    """The filter of the audit log. What makes no sense filters nothing: the address may have been typed."""
    try:
        day = date.fromisoformat(raw.get("day", ""))
    except ValueError:
        day = None
    return Wanted(place_id=_number(raw.get("person", "")), verb=raw.get("verb", "")[:100],
                  day=day if day is not None and is_in_reach(day) else None,
                  before=_number(raw.get("before", "")))


def parse_erasure(raw: Mapping[str, str]) -> Texts:
    """The choice about texts. Raises Invalid without it, or without the confirmation."""
    errors = {}
    if raw.get("texts") not in list(Texts):
        errors["texts"] = "Choose what becomes of the texts."
    if raw.get("confirm") != "yes":
        errors["confirm"] = "Confirm that this cannot be undone."
    if errors:
        raise Invalid(errors)
    return Texts(raw["texts"])


def parse_retention(raw: Mapping[str, str]) -> int | None:
    """After how many days personal data go; None where the field was left empty. Raises Invalid."""
    text = raw.get("days", "").strip()
    if not text:
        return None
    days = _number(text)
    if days is None or not 1 <= days <= LONGEST_RETENTION_DAYS:
        raise Invalid({"days": f"A whole number of days from 1 to {LONGEST_RETENTION_DAYS}, or nothing."})
    return days


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_number else None
