"""The words of mails: what comes with sigforum, the placeholders, and how they are filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import is_visible, typed
from sigforum.people.domain import MailKind

MOST_SUBJECT, MOST_TEXT = 200, 20_000
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
# Stands for an empty value until what was written around it for its sake is gone too: brackets, a comma, a blank.
_NOTHING = "\0"
_AROUND_NOTHING = re.compile(
    r"[ \t]?\([ \t]*\0[ \t]*\)|[ \t]?\[[ \t]*\0[ \t]*\]|,[ \t]*\0(?=[ \t]*(?:[,.;:!?)]|$))|(?<=[ \t])\0[ \t]+|[ \t]?\0",
    re.MULTILINE)
# docs/inviting.md lists the same ones.
PLACEHOLDERS: Mapping[str, str] = {
    "name": "The person's name, as you wrote it",
    "affiliation": "Their affiliation",
    "group": "Their stakeholder group",
    "role": "What they are in the meeting: participant, observer, …",
    "sessions": "The codes of their sessions, or: all sessions, or: none that is still on the agenda",
    "meeting": "The meeting's title",
    "dates": "The meeting's dates",
    "organizer": "Who sends the mail",
    "link": "The person's own sign-in link",
    "link_days": "For how many days the link works",
    "sign_in_page": "Where a new link can be asked for",
}


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Subject and text of a mail, with placeholders in braces."""

    subject: str
    text: str


DEFAULTS: Mapping[MailKind, Wording] = {
    MailKind.INVITATION: Wording(subject="Invitation: {meeting}", text="""\
Dear {name},

you are invited to take part in

  {meeting}
  {dates}

Your role: {role}. Your sessions: {sessions}.

This link is yours alone. It opens a page with two buttons, one to accept and one to decline:

{link}

It works for {link_days} days. Later, ask for a new one with this address at
{sign_in_page}

{organizer}
"""),
    MailKind.REMINDER: Wording(subject="Reminder: {meeting}", text="""\
Dear {name},

we have not heard from you about

  {meeting}
  {dates}

A word would help us plan: this link opens a page where you can accept or decline.

{link}

It works for {link_days} days. Later, ask for a new one with this address at
{sign_in_page}

{organizer}
"""),
    MailKind.CHANGE: Wording(subject="Changed: {meeting}", text="""\
Dear {name},

something has changed about

  {meeting}
  {dates}

Your sessions: {sessions}. The calendar entries that come with this mail replace the earlier ones.

{link}

{organizer}
"""),
}
# Without a link nobody could answer these.
NEEDS_LINK = frozenset({MailKind.INVITATION, MailKind.REMINDER})


def checked_wording(kind: MailKind, *, subject: str, text: str) -> Wording:
    """The words an organizer typed. Raises Invalid, by field, for unknown placeholders and for what is missing."""
    errors: dict[str, str] = {}
    subject, text = typed(subject).strip(), typed(text).strip("\n")
    if not is_visible(subject) or len(subject) > MOST_SUBJECT or "\n" in subject or "\r" in subject:
        errors["subject"] = f"A subject is one line of at most {MOST_SUBJECT} characters."
    if not is_visible(text) or len(text) > MOST_TEXT:
        errors["text"] = f"A text is needed, of at most {MOST_TEXT} characters."
    elif kind in NEEDS_LINK and "{link}" not in text:
        errors["text"] = "The text must hold {link}: without it nobody could answer."
    for field, words in (("subject", subject), ("text", text)):
        wrong = _mistake(words)
        if wrong:
            errors[field] = wrong
    if "{link}" in subject:
        errors["subject"] = "A link belongs into the text: subjects are shown on locked screens."
    if errors:
        raise Invalid(errors)
    return Wording(subject=subject, text=text + "\n")


def filled(words: str, values: Mapping[str, str], *, is_one_line: bool = False) -> str:
    """The words with their placeholders filled in, all at once: what stands in a value is never read as one."""
    def value(found: re.Match[str]) -> str:
        # A name that nothing stands for is shown as it was typed; it cannot be stored.
        text = values.get(found[1].strip(), found[0])
        return (" ".join(text.split()) if is_one_line else text) or _NOTHING
    return _AROUND_NOTHING.sub("", _PLACEHOLDER.sub(value, words.replace(_NOTHING, "")))


def used_placeholders(wording: Wording) -> frozenset[str]:
    """The names that stand in a mail's words."""
    return frozenset(found.strip() for found in _PLACEHOLDER.findall(f"{wording.subject}\n{wording.text}"))


def _mistake(words: str) -> str:
    unknown = sorted({found.strip() for found in _PLACEHOLDER.findall(words)} - PLACEHOLDERS.keys())
    if unknown:
        names = ", ".join(f"{{{name[:40]}}}" for name in unknown[:5])
        return f"Unknown placeholder {names}. The table of placeholders lists those that can be used."
    if re.search(r"[{}]", _PLACEHOLDER.sub("", words)):
        return "A brace stands alone. Placeholders are written like {name}."
    return ""
