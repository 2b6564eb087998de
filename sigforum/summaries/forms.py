"""Reading what people write into a summary, or errors by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sigforum.kernel.clock import FIRST_YEAR, LAST_YEAR, is_in_reach
from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import one_line, paragraphs
from sigforum.summaries.domain import (
    LONGEST_LINE,
    LONGEST_OWNER,
    LONGEST_REASON,
    LONGEST_STATEMENT,
    LineKind,
    Listing,
    Stance,
    Wording,
)
from sigforum.threads.domain import SHOWN, Attribution, shown_rule


@dataclass(frozen=True, kw_only=True)
class NewReview:
    """A checked review of a line in the wording that was read; `text` is empty for an approval. `shown` is the rule of
    attribution that stood beside the words: a program that shows none promises nothing."""

    wording: int
    stance: Stance
    text: str
    shown: Attribution = Attribution.NAMED


@dataclass(frozen=True, kw_only=True)
class NewSignOff:
    """A checked signature; being quoted is agreed to apart from being listed."""

    revision: int
    listing: Listing
    reservations: str
    may_be_quoted: bool
    shown: Attribution = Attribution.NAMED


def parse_kind(raw: str) -> LineKind:
    """The kind of a new line. Raises Invalid."""
    try:
        return LineKind(raw)
    except ValueError:
        raise Invalid({"kind": "Choose what to write: a statement, an open question or an action."}) from None


def parse_number(raw: str, *, name: str) -> int:
    """A wording's or a revision's number that the form carries. Raises Invalid."""
    if raw.isdecimal() and len(raw) < 10:
        return int(raw)
    raise Invalid({name: "The form is out of date. Copy your words and reload the page."})


def parse_wording(form: Mapping[str, str], kind: LineKind) -> Wording:
    """The words of a line. Raises Invalid by field; an action needs an owner."""
    errors: dict[str, str] = {}
    text, owner, due_on = paragraphs(form.get("text", "")), "", None
    _measure(text, errors, name="text", most=LONGEST_LINE, missing="Write something first.")
    if kind is LineKind.ACTION:
        owner = one_line(form.get("owner", ""))
        _measure(owner, errors, name="owner", most=LONGEST_OWNER,
                 missing="Say who will do it: a person, a role or an organisation.")
        due_on = _day(form.get("due_on", ""), errors)
    if errors:
        raise Invalid(errors)
    return Wording(text=text, owner=owner, due_on=due_on)


def parse_parts(form: Mapping[str, str]) -> tuple[str, ...]:
    """The statements that one is split into: parted by an empty line. Raises Invalid."""
    parts = tuple(filter(None, map(one_line, re.split(r"\n\s*\n", paragraphs(form.get("text", ""))))))
    if len(parts) < 2:
        raise Invalid({"text": "Put an empty line between the statements; there must be two at least."})
    if len(set(parts)) < len(parts):
        raise Invalid({"text": "Two of the statements are the same."})
    longest = max(map(len, parts))
    if longest > LONGEST_LINE:
        raise Invalid({"text": f"One statement has {longest:,} characters; at most {LONGEST_LINE:,}."})
    return parts


def parse_review(form: Mapping[str, str]) -> NewReview:
    """A review. Raises Invalid by field: comments and dissents need words."""
    try:
        stance = Stance(form.get("stance", ""))
    except ValueError:
        raise Invalid({"stance": "Choose to approve, to comment or to dissent."}) from None
    text = "" if stance is Stance.APPROVE else paragraphs(form.get("text", ""))
    errors: dict[str, str] = {}
    if stance is not Stance.APPROVE:
        missing = ("Say in your own words what you hold instead. It is printed as you write it."
                   if stance is Stance.DISSENT else "Write your comment.")
        _measure(text, errors, name="text", most=LONGEST_STATEMENT, missing=missing)
    if errors:
        raise Invalid(errors)
    return NewReview(wording=parse_number(form.get("wording", ""), name="wording"), stance=stance, text=text,
                     shown=parse_shown(form))


def parse_shown(form: Mapping[str, str]) -> Attribution:
    """The rule of attribution that stood beside what was filled in."""
    return shown_rule(form.get(SHOWN, ""))


def parse_minority(form: Mapping[str, str]) -> str:
    """The words of a minority position. Raises Invalid."""
    text, errors = paragraphs(form.get("text", "")), dict[str, str]()
    _measure(text, errors, name="text", most=LONGEST_STATEMENT, missing="Say in your own words what you hold.")
    if errors:
        raise Invalid(errors)
    return text


def parse_sign_off(form: Mapping[str, str]) -> NewSignOff:
    """A signature. Raises Invalid by field: reservations need words."""
    try:
        listing = Listing(form.get("listing", ""))
    except ValueError:
        raise Invalid({"listing": "Choose how you want to be listed."}) from None
    reservations = paragraphs(form.get("reservations", ""))
    errors: dict[str, str] = {}
    if reservations and listing is not Listing.WITH_RESERVATIONS:
        errors["listing"] = ("You wrote reservations, and this choice would leave them out. Choose “List me with "
                             "reservations”, or empty the field.")
    if listing is Listing.WITH_RESERVATIONS:
        _measure(reservations, errors, name="reservations", most=LONGEST_STATEMENT,
                 missing="Say what your reservations are. They are printed as you write them.")
    if errors:
        raise Invalid(errors)
    return NewSignOff(revision=parse_number(form.get("revision", ""), name="revision"), listing=listing,
                      reservations=reservations, may_be_quoted=form.get("may_be_quoted") == "1",
                      shown=parse_shown(form))


def parse_reason(form: Mapping[str, str]) -> str:
    """Why a published summary is corrected. Raises Invalid."""
    reason, errors = one_line(form.get("reason", "")), dict[str, str]()
    _measure(reason, errors, name="reason", most=LONGEST_REASON,
             missing="Say what is corrected and why; it is printed in the next version.")
    if errors:
        raise Invalid(errors)
    return reason


def _measure(text: str, errors: dict[str, str], *, name: str, most: int, missing: str) -> None:
    if not text:
        errors[name] = missing
    elif len(text) > most:
        errors[name] = f"{len(text):,} characters; at most {most:,}."


def _day(raw: str, errors: dict[str, str]) -> date | None:
    if not raw.strip():
        return None
    try:
        day = date.fromisoformat(raw.strip())
    except ValueError:
        errors["due_on"] = "Write the day as year-month-day, for example 2026-09-30."
        return None
    if not is_in_reach(day):
        errors["due_on"] = f"Give a day of the years {FIRST_YEAR} to {LAST_YEAR}."
    return day
