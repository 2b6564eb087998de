"""Reading what people write into a value, or errors by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import paragraphs
from sigforum.threads.domain import LONGEST_REASON, LONGEST_RESPONSE, SHOWN, Attribution, shown_rule

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, kw_only=True)
class NewResponse:
    """A checked response or reply; `key` is the client's own name for it, and `shown` the rule of attribution that
    its author had before them: a program that shows none promises nothing."""

    question_id: int
    parent_id: int | None
    key: str
    text: str
    shown: Attribution = Attribution.NAMED


def clean_text(raw: str) -> str:
    """A response's text, cleaned. Raises Invalid, by field `text`, where nothing is left or it is too long.
    """
    text = paragraphs(raw)
    if not text:
        raise Invalid({"text": "Write something first."})
    if len(text) > LONGEST_RESPONSE:
        raise Invalid({"text": f"{len(text):,} characters; at most {LONGEST_RESPONSE:,} fit in one response."})
    return text


def parse_number(raw: str) -> int | None:
    """A row's number or a revision; None for what is none, or is longer than any column holds."""
    return int(raw) if raw.isdecimal() and len(raw) < 10 else None


def parse_response(form: Mapping[str, str]) -> NewResponse:
    """A posted response. Raises Invalid by field."""
    parent, key = form.get("parent_id", ""), form.get("key", "")
    question_id, parent_id = parse_number(form.get("question_id", "")), parse_number(parent)
    errors = {}
    if question_id is None:
        errors["question_id"] = "It is not said which question this answers."
    if parent and parent_id is None:
        errors["parent_id"] = "It is not said to which response this replies."
    if not _KEY.fullmatch(key):
        errors["key"] = "The form is out of date. Reload the page; your draft is kept."
    if errors or question_id is None:
        raise Invalid(errors)
    return NewResponse(question_id=question_id, parent_id=parent_id, key=key,
                       text=clean_text(form.get("text", "")), shown=shown_rule(form.get(SHOWN, "")))


def parse_reason(raw: str) -> str:
    """Why a response is hidden. Raises Invalid, by field `reason`."""
    reason = paragraphs(raw)
    if not reason:
        raise Invalid({"reason": "Say why, in a sentence. The author and the room see it."})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"At most {LONGEST_REASON} characters."})
    return reason
