"""What the forum sessions say together: where consensus was reached, what comes first, where they contradict."""

from dataclasses import dataclass

from sigforum.summaries.document.people import Outcomes
from sigforum.summaries.document.plain import came_later


@dataclass(frozen=True, kw_only=True)
class ThemeCell:
    """One theme and one modality: the codes of their sessions, how many statements a rule judged there, and on how
    many of them it found consensus, for or against; in older files the two are not apart."""

    theme: str
    modality: str
    sessions: tuple[str, ...]
    judged: int
    consensus: int
    consensus_for: int | None = came_later()
    consensus_against: int | None = came_later()


@dataclass(frozen=True, kw_only=True)
class MeetingPriority:
    """A response with points, ranked within its session: sessions differ in how many people and responses they had, so
    that no order over all of them would mean anything. `percent` is of what that session's voters could lay."""

    rank: int
    code: str
    key: str
    text: str
    points: int
    available: int
    percent: float
    voters: int


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two statements that do not go together."""

    code: str
    poll: str
    line: str
    text: str
    verdict: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """Two statements with verdicts that do not go together; where the words are only alike, people have to check."""

    is_same_wording: bool
    likeness_percent: float
    first: Side
    second: Side


@dataclass(frozen=True, kw_only=True)
class GroupPresence:
    """A stakeholder group over the whole meeting."""

    label: str
    invited: int
    accepted: int


@dataclass(frozen=True, kw_only=True)
class Presence(Outcomes):
    """Who was invited to the meeting to take part, and how much they wrote; the groups that may be counted apart."""

    invited: int
    accepted: int
    responses: int
    replies: int
    groups: tuple[GroupPresence, ...]


@dataclass(frozen=True, kw_only=True)
class Synthesis:
    """The whole of it. `unrevealed` polls have no result yet that could be counted."""

    cells: tuple[ThemeCell, ...]
    unrevealed: int
    priorities: tuple[MeetingPriority, ...]
    contradictions: tuple[Contradiction, ...]
    presence: Presence
