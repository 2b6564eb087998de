"""Reading an agenda from an upload or a pasted text, and what must be confirmed before it is imported."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from sigforum.agenda.domain import AgendaPlan
from sigforum.agenda.importing.changes import FORUM_SESSION_LISTS, QUESTION_LISTS, AgendaChange
from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.agenda.importing.reading import read_agenda
from sigforum.kernel.errors import Conflict, Invalid

OVERTAKEN = "The meeting has changed since you saw this preview. Look at it once more."
UNSEEN = "Nothing is stored before you have seen what it changes. Look at it below, and go on then."


def parse_agenda(data: bytes, *, filename: str | None) -> AgendaPlan:
    """The agenda in some bytes. Raises Invalid, by field `text`, with the line where one is known."""
    try:
        return read_agenda(data, filename=filename)
    except AgendaUnreadable as problem:
        raise Invalid({"text": problem.message}) from None


def confirmation_errors(change: AgendaChange, form: Mapping[str, str]) -> dict[str, str]:
    """What keeps a reviewed change from being stored, by field: what it takes away was not confirmed. Raises Conflict
    where another one was seen, or none."""
    seen = form.get("seen", "")
    if seen != fingerprint(change):
        raise Conflict(OVERTAKEN if seen else UNSEEN)
    if change.losses and form.get("accepts_losses") != fingerprint(change):
        return {"accepts_losses": "Tick that what is named here goes, or change the text."}
    return {}


def fingerprint(change: AgendaChange) -> str:
    """A short name of exactly this change; responses that come in meanwhile make no other one of it."""
    told = [getattr(change, name) for name in FORUM_SESSION_LISTS] + [
        [replace(one, response_count=0) for one in getattr(change, name)] for name in QUESTION_LISTS]
    return hashlib.sha256(repr((change.details, sorted(change.hours.items()), told)).encode()).hexdigest()[:16]
