"""Reading what is chosen about mails into a value, or errors by field."""

from collections.abc import Mapping

from sigforum.digests.domain import Pace
from sigforum.kernel.errors import Invalid


def parse_pace(form: Mapping[str, str]) -> Pace:
    """How often somebody wants mail."""
    chosen = form.get("pace", "")
    if chosen not in set(Pace):
        raise Invalid({"pace": "Choose one of the three."})
    return Pace(chosen)


def parse_hour(form: Mapping[str, str]) -> int:
    """A full hour of the day."""
    raw = form.get("hour", "").strip()
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= 2 and int(raw) < 24):
        raise Invalid({"hour": "Choose an hour from 0 to 23."})
    return int(raw)
