"""Reading polls and votes into values, or errors by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sigforum.ballots.domain import Secrecy, Visibility
from sigforum.ballots.registry import kind_named, rules_for
from sigforum.consensus.rule import RuleParamsInvalid, parse_params
from sigforum.consensus.rule_fields import NEWEST_VERSION, VERSION
from sigforum.consensus.scale import Scale
from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import lines, one_line

LONGEST_TITLE = 200
LONGEST_STATEMENT = 1000
MOST_STATEMENTS = 100
# What a column of whole numbers holds in every database.
LARGEST_NUMBER = 2**31 - 1
LONGEST_MARK = 16
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, kw_only=True)
class NewPoll:
    """A checked poll, ready to be stored as a draft."""

    kind: str
    title: str
    statements: tuple[str, ...]
    settings: Mapping[str, Any]
    rule: Mapping[str, Any] | None
    visibility: Visibility
    secrecy: Secrecy = Secrecy.CONFIDENTIAL


def parse_poll(form: Mapping[str, str]) -> NewPoll:
    """A poll from its form: `statements` holds one a line; rule parameters are named `<rule>-<field>`.

    Raises Invalid by field, with all errors at once.
    """
    kind = kind_named(form.get("kind", "rating"))
    errors: dict[str, str] = {}
    title = one_line(form.get("title", ""))
    if not title:
        errors["title"] = "Give the poll a title."
    elif len(title) > LONGEST_TITLE:
        errors["title"] = f"At most {LONGEST_TITLE} characters."
    statements = tuple(lines(form.get("statements", "")))
    errors |= _statement_errors(statements)
    settings: dict[str, Any] = {}
    try:
        settings = kind.parse_settings(form)
    except Invalid as refusal:
        errors |= refusal.errors
    rule = _parse_rule(form, kind=kind, settings=settings, errors=errors)
    visibility = form.get("visibility", Visibility.AFTER_REVEAL)
    if visibility not in set(Visibility):
        errors["visibility"] = "Choose when the result is shown."
    secrecy = form.get("secrecy", Secrecy.CONFIDENTIAL)
    if secrecy not in set(Secrecy):
        errors["secrecy"] = "Choose what is known of who voted how."
    elif secrecy == Secrecy.SECRET and visibility == Visibility.LIVE:
        errors["secrecy"] = ("A secret ballot cannot be watched live: the totals would tell who just voted. "
                             "Show its result after you reveal it.")
    if errors:
        raise Invalid(errors)
    return NewPoll(kind=kind.name, title=title, statements=statements, settings=settings, rule=rule,
                   visibility=Visibility(visibility), secrecy=Secrecy(secrecy))


def _statement_errors(statements: tuple[str, ...]) -> dict[str, str]:
    if not statements:
        return {"statements": "Write at least one statement, one a line."}
    if len(statements) > MOST_STATEMENTS:
        return {"statements": f"{len(statements)} statements; at most {MOST_STATEMENTS} fit on one ballot."}
    for number, statement in enumerate(statements, start=1):
        if len(statement) > LONGEST_STATEMENT:
            return {"statements": f"Statement {number} has {len(statement)} characters; "
                                  f"at most {LONGEST_STATEMENT}."}
        if statement in statements[:number - 1]:
            return {"statements": f"Statement {number} stands there twice."}
    return {}


def _parse_rule(form: Mapping[str, str], *, kind: Any, settings: Mapping[str, Any],
                errors: dict[str, str]) -> dict[str, Any] | None:
    rules = rules_for(kind)
    if not rules:
        return None
    name = form.get("rule", "")
    if name not in rules:
        errors["rule"] = "Choose the rule that will judge the result. It cannot change after the opening."
        return None
    scale = Scale(settings["scale_min"], settings["scale_max"]) if "scale_min" in settings else None
    raw = {key.removeprefix(f"{name}-"): value for key, value in form.items() if key.startswith(f"{name}-")}
    try:
        params = dict(parse_params(rules[name], raw, scale=scale, is_new=True))
        if rules[name].asks_groups(params) and form.get("secrecy") == Secrecy.SECRET:
            errors["secrecy"] = ("A secret ballot belongs to nobody, and so to no stakeholder group. Choose another "
                                 "secrecy, or a rule that does not ask each group.")
        if rules[name].asks_groups(params) and form.get("visibility") == Visibility.LIVE:
            errors["visibility"] = ("A rule that asks each stakeholder group cannot be watched live: it is judged when "
                                    "the round has closed.")
        return {"name": name, "params": params, VERSION: NEWEST_VERSION}
    except RuleParamsInvalid as refusal:
        errors |= {f"{name}-{field}" if field else "rule": text for field, text in refusal.errors.items()}
        return None


def parse_key(raw: object) -> str:
    """The client's own name for a vote; repeating it is harmless. Raises Invalid."""
    if not isinstance(raw, str) or not _KEY.fullmatch(raw):
        raise Invalid({"key": "A vote carries a key of 8 to 64 letters, digits, - and _."})
    return raw


def parse_mark(raw: object) -> str:
    """The mark of the terms that a page showed; empty where it does not say. Raises Invalid."""
    if raw is None or (isinstance(raw, str) and len(raw) <= LONGEST_MARK):
        return raw or ""
    raise Invalid({"terms": "terms is the mark of what is asked, as the ballot holds it."})


def parse_number(raw: object, *, name: str) -> int:
    """A whole number from a socket's payload or a form. Raises Invalid."""
    if isinstance(raw, str) and raw.isdecimal() and len(raw) <= 10:
        raw = int(raw)
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= LARGEST_NUMBER:
        return raw
    raise Invalid({name: f"{name} is a whole number."})


def parse_fields(raw: object) -> dict[str, str]:
    """The fields of a ballot's HTML form, sent over a socket. Raises Invalid."""
    if not isinstance(raw, Mapping) or not all(
            isinstance(name, str) and isinstance(value, str) for name, value in raw.items()):
        raise Invalid({"form": "A form holds texts by field name."})
    return dict(raw)
