"""The words of an agenda: what a meeting plans to discuss, and the states it passes through."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from sigforum.kernel.errors import Conflict


class MeetingState(StrEnum):
    """Where a meeting stands: people may read and answer early while it is open."""

    DRAFT = "draft"
    OPEN = "open"
    RUNNING = "running"
    CLOSED = "closed"
    PUBLISHED = "published"


class ForumSessionState(StrEnum):
    """Where one forum session stands."""

    PLANNED = "planned"
    OPEN = "open"
    LIVE = "live"
    CLOSED = "closed"
    SUMMARISED = "summarised"


MEETING_MOVES: Mapping[MeetingState, Mapping[str, MeetingState]] = MappingProxyType(
    {
        MeetingState.DRAFT: {"open": MeetingState.OPEN},
        MeetingState.OPEN: {"start": MeetingState.RUNNING},
        MeetingState.RUNNING: {"close": MeetingState.CLOSED},
        MeetingState.CLOSED: {"publish": MeetingState.PUBLISHED},
        MeetingState.PUBLISHED: {},
    }
)

FORUM_SESSION_MOVES: Mapping[ForumSessionState, Mapping[str, ForumSessionState]] = MappingProxyType(
    {
        ForumSessionState.PLANNED: {"open": ForumSessionState.OPEN},
        ForumSessionState.OPEN: {"go_live": ForumSessionState.LIVE},
        ForumSessionState.LIVE: {"close": ForumSessionState.CLOSED},
        ForumSessionState.CLOSED: {"summarise": ForumSessionState.SUMMARISED, "reopen": ForumSessionState.LIVE},
        ForumSessionState.SUMMARISED: {},
    }
)


class IllegalMove(Conflict):
    """A verb was used on a meeting or forum session whose state does not allow it."""

    def __init__(self, *, state: str, verb: str, allowed: tuple[str, ...]) -> None:
        offer = f"; what it can do next: {', '.join(allowed)}" if allowed else ""
        super().__init__(f"It is {state} and cannot {verb.replace('_', ' ')}{offer}.")
        self.state, self.verb, self.allowed = state, verb, allowed


def next_meeting_state(state: MeetingState, verb: str) -> MeetingState:
    """The state after `verb`, or IllegalMove."""
    moves = MEETING_MOVES[state]
    if verb not in moves:
        raise IllegalMove(state=state, verb=verb, allowed=tuple(moves))
    return moves[verb]


def next_forum_session_state(state: ForumSessionState, verb: str) -> ForumSessionState:
    """The state after `verb`, or IllegalMove."""
    moves = FORUM_SESSION_MOVES[state]
    if verb not in moves:
        raise IllegalMove(state=state, verb=verb, allowed=tuple(moves))
    return moves[verb]


@dataclass(frozen=True, slots=True)
class AgendaWarning:
    """Something in the source that was not understood or deserves a look; lines count from 1."""

    line: int
    message: str

    def to_json(self) -> dict[str, object]:
        """Plain lists, texts and None, ready for json.dumps."""
        return {"line": self.line, "message": self.message}


@dataclass(frozen=True, slots=True)
class ForumSessionPlan:
    """One forum session: `modality` is the text as printed, `modalities` are the tags read out of it."""

    code: str
    title: str
    theme: str | None = None
    modality: str | None = None
    modalities: tuple[str, ...] = ()
    central_question: str | None = None
    questions: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Plain lists, texts and None, ready for json.dumps."""
        return {
            "code": self.code,
            "title": self.title,
            "theme": self.theme,
            "modality": self.modality,
            "modalities": list(self.modalities),
            "central_question": self.central_question,
            "questions": list(self.questions),
        }


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """A part of a day; forum sessions that stand in no slot get one without number and title."""

    number: int | None
    title: str
    forum_sessions: tuple[ForumSessionPlan, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Plain lists, texts and None, ready for json.dumps."""
        return {
            "number": self.number,
            "title": self.title,
            "sessions": [each.to_json() for each in self.forum_sessions],
        }


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A day with its label as printed; the date is None where the agenda does not give it in full. `printed` is
    the month and the day of a date without a year, which may be found out later."""

    label: str
    date: datetime.date | None
    slots: tuple[SlotPlan, ...] = ()
    printed: tuple[int, int] | None = field(default=None, compare=False)

    def to_json(self) -> dict[str, object]:
        """Plain lists, texts and None, ready for json.dumps."""
        return {
            "label": self.label,
            "date": _iso(self.date),
            "slots": [slot.to_json() for slot in self.slots],
        }


@dataclass(frozen=True, slots=True)
class Faq:
    """A frequently asked question; the answer is None where the page had none."""

    question: str
    answer: str | None = None

    def to_json(self) -> dict[str, object]:
        """Plain lists, texts and None, ready for json.dumps."""
        return {"question": self.question, "answer": self.answer or None}


class PlacedForumSession(NamedTuple):
    """A forum session together with the day and the slot it stands in."""

    day: DayPlan
    slot: SlotPlan
    forum_session: ForumSessionPlan


@dataclass(frozen=True, slots=True)
class AgendaPlan:
    """A whole agenda as read from a source.

    Two plans are equal when they say the same; warnings speak of the source, so they do not count.
    """

    title: str
    start: datetime.date | None = None
    end: datetime.date | None = None
    intro: str | None = None
    days: tuple[DayPlan, ...] = ()
    faqs: tuple[Faq, ...] = ()
    warnings: tuple[AgendaWarning, ...] = field(default=(), compare=False)

    @property
    def forum_sessions(self) -> Iterator[PlacedForumSession]:
        """Every forum session in the order of the agenda, with its day and slot."""
        for day in self.days:
            for slot in day.slots:
                for forum_session in slot.forum_sessions:
                    yield PlacedForumSession(day, slot, forum_session)

    def to_json(self) -> dict[str, object]:
        """Plain lists, texts and None, ready for json.dumps; dates are ISO texts."""
        return {
            "title": self.title,
            "start": _iso(self.start),
            "end": _iso(self.end),
            "intro": self.intro,
            "days": [day.to_json() for day in self.days],
            "faqs": [faq.to_json() for faq in self.faqs],
            "warnings": [warning.to_json() for warning in self.warnings],
        }


def _iso(value: datetime.date | None) -> str | None:
    return value.isoformat() if value else None
