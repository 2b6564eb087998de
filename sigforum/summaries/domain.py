"""The life of a summary: what it is made of, and the states it passes through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from sigforum.kernel.errors import Conflict

# Where a session's chapter begins. A code would not do: two versions may keep the code that both sessions once had.
SESSION_KEY = "session"
# Where the page of a summary has its lines.
FINDINGS = f"{SESSION_KEY}-findings"

LONGEST_LINE = 1000
LONGEST_STATEMENT = 2000
LONGEST_OWNER = 120
LONGEST_REASON = 500


class SummaryState(StrEnum):
    """Where a summary stands."""

    DRAFTED = "drafted"
    EDITED = "edited"
    IN_REVIEW = "in_review"
    SIGNED_OFF = "signed_off"
    PUBLISHED = "published"


class LineKind(StrEnum):
    """What a line of a summary is, in the order in which they stand."""

    ANSWER = "answer"
    STATEMENT = "statement"
    OPEN_QUESTION = "open_question"
    ACTION = "action"


class Stance(StrEnum):
    """What somebody says of a line."""

    APPROVE = "approve"
    COMMENT = "comment"
    DISSENT = "dissent"


class Listing(StrEnum):
    """Whether somebody's name may stand under the summary; whether they may be quoted is another question."""

    LISTED = "listed"
    WITH_RESERVATIONS = "with_reservations"
    NOT_LISTED = "not_listed"


# Moves that somebody makes with a button. Writing a line makes `edited` of `drafted` by itself.
MOVES: Mapping[SummaryState, Mapping[str, SummaryState]] = MappingProxyType({
    SummaryState.DRAFTED: {"ask_review": SummaryState.IN_REVIEW},
    SummaryState.EDITED: {"ask_review": SummaryState.IN_REVIEW},
    SummaryState.IN_REVIEW: {"edit_again": SummaryState.EDITED, "close_review": SummaryState.SIGNED_OFF},
    SummaryState.SIGNED_OFF: {"edit_again": SummaryState.EDITED, "publish": SummaryState.PUBLISHED},
    SummaryState.PUBLISHED: {"correct": SummaryState.EDITED},
})
WRITABLE = frozenset({SummaryState.DRAFTED, SummaryState.EDITED})
# From here on everybody in the meeting reads what the facilitator wrote.
SHOWN = frozenset({SummaryState.IN_REVIEW, SummaryState.SIGNED_OFF, SummaryState.PUBLISHED})
# States that a move may come to find: whoever repeats a move finds it done.
VERBS: Mapping[str, str] = MappingProxyType({
    "ask_review": "asked for review", "edit_again": "taken back for editing", "close_review": "signed off",
    "publish": "published", "correct": "opened for a correction"})


class IllegalMove(Conflict):
    """A verb was used on a summary whose state does not allow it."""


def next_state(state: SummaryState, verb: str) -> SummaryState:
    """The state after `verb`. Raises IllegalMove."""
    moves = MOVES[state]
    if verb not in moves:
        raise IllegalMove(f"The summary is {STATE_WORDS[state]} and cannot be {VERBS.get(verb, verb)}. "
                          "Reload the page to see where it stands.")
    return moves[verb]


STATE_WORDS: Mapping[SummaryState, str] = MappingProxyType({
    SummaryState.DRAFTED: "drafted from the data", SummaryState.EDITED: "being edited",
    SummaryState.IN_REVIEW: "in review", SummaryState.SIGNED_OFF: "signed off", SummaryState.PUBLISHED: "published"})


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The words of a line; an action has an owner and may have a day by which it is due."""

    text: str
    owner: str = ""
    due_on: date | None = None


def one_line(text: str) -> str:
    """A statement's words with single blanks: what decides whether a vote was on these very words."""
    return " ".join(text.split())
