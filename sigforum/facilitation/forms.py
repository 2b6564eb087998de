"""Reading what the console's buttons send."""

from sigforum.facilitation.domain import LONGEST_TIMER
from sigforum.kernel.errors import Invalid


def parse_seconds(raw: str) -> int:
    """The length of a timer in seconds, 0 for none. Raises Invalid."""
    if not raw:
        return 0
    if not (raw.isdecimal() and len(raw) < 6 and int(raw) <= LONGEST_TIMER):
        raise Invalid({"seconds": f"A timer runs for at most {LONGEST_TIMER // 3600} hours."})
    return int(raw)


def parse_row(raw: str) -> int | None:
    """The id of a poll or of somebody's place; None where the field is empty. Raises Invalid."""
    if not raw:
        return None
    if not (raw.isdecimal() and len(raw) < 10):
        raise Invalid({"": "This button is out of date. Reload the page."})
    return int(raw)
