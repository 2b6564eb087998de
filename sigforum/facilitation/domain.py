"""The short code as people type it, what a page has seen of a poll, and the words of the console's log."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# Neither 0 and O nor 1, I and L: the code is read from a wall.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 5
# Longer than any code; what is typed beyond it is nobody's.
LONGEST_TYPED = 12
MINUTE = 60
LONGEST_TIMER = 2 * 60 * MINUTE


def normal_code(typed: str) -> str:
    """A code as it is stored, however it was typed: in capitals, without blanks and hyphens."""
    return re.sub(r"[^0-9A-Za-z]", "", typed).upper()[:LONGEST_TYPED]


def seen_mark(*, state: str, rounds: int, terms: str = "") -> str:
    """What a page shows of a poll, in short, with the mark of its terms. A button sends it back, so that one pressed on
    a page that is out of date does not end a round that somebody else has only just begun, and opens none that asks
    something else."""
    return f"{state}-{rounds}" + (f"-{terms}" if terms else "")


def read_mark(seen: str) -> tuple[str, str]:
    """What a page has seen of a poll without its terms, and their mark; empty where it does not say."""
    state, _, rest = seen.partition("-")
    rounds, _, terms = rest.partition("-")
    return f"{state}-{rounds}", terms


def is_undone(*, seen: str, rounds: int) -> bool:
    """Whether the opening that a page wants taken back has been taken back already."""
    return seen == seen_mark(state="open", rounds=rounds + 1)


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """Something a facilitator did in a forum session."""

    who: str
    words: str
    at: datetime


# What the console tells of. What participants do is not among it: where nobody is named, the log names nobody.
_WORDS: Mapping[str, str] = {
    "poll_created": "wrote {poll}", "poll_changed": "changed {poll}", "poll_deviated": "changed {poll} between rounds",
    "poll_open": "opened round {round} of {poll}", "poll_close": "closed round {round} of {poll}",
    "poll_reveal": "revealed round {round} of {poll}", "poll_decide": "closed {poll} as decided",
    "poll_undone": "took back the opening of {poll}", "poll_timed": "{timer} {poll}",
    "poll_nudged": "reminded those who have not voted in {poll}",
    "stage_shown": "put {poll} on the projector", "stage_cleared": "put the discussion on the projector",
    "lead_taken": "took the lead", "lead_handed_over": "handed the lead over",
    "forum_session_open": "opened the session", "forum_session_go_live": "went live",
    "forum_session_close": "closed the session", "forum_session_reopen": "reopened the session",
}
LOGGED = frozenset(_WORDS)


def who_else(actor_id: int | None, detail: Mapping[str, Any]) -> str:
    """Who did something and is no member of the meeting."""
    if actor_id is not None:
        return "Name removed"
    return {"timer": "The timer", "session": "The close of the session"}.get(detail.get("by", ""), "The operator")


def log_words(verb: str, detail: Mapping[str, Any], *, title: str) -> str:
    """An entry of the audit log as the end of a sentence that begins with a name."""
    seconds = detail.get("seconds") or 0
    timer = f"set {timer_words(seconds)} for" if seconds else "took the timer away from"
    return _WORDS[verb].format(poll=f"“{title}”", round=detail.get("round", ""), timer=timer)


def timer_words(seconds: int) -> str:
    """A timer's length: 2 minutes, 90 seconds."""
    if seconds % MINUTE:
        return f"{seconds} seconds"
    return f"{seconds // MINUTE} minute{'' if seconds == MINUTE else 's'}"
