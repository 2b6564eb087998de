"""What a summary says: frozen values that the page and every format read, and their one JSON form."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sigforum.consensus.proportions import Proportion, describe_proportion

# Grows when a field is renamed, removed or changes its meaning; a new field leaves it alone.
SCHEMA_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class MeetingFacts:
    """The meeting that the forum session belongs to."""

    title: str
    slug: str
    start_on: date | None
    end_on: date | None
    is_sample: bool


@dataclass(frozen=True, kw_only=True)
class ForumSessionFacts:
    """The forum session; `attribution` is its rule of who may be named: named, role or chatham."""

    code: str
    title: str
    theme: str | None
    modality: str | None
    modalities: tuple[str, ...]
    day: str
    held_on: date | None
    slot_number: int | None
    slot_title: str
    state: str
    attribution: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """A response or a reply with the byline that the attribution rule allows.

    One taken back is here only where others replied to it: without byline and text, so that the replies
    keep their place.
    """

    key: str
    state: str
    name: str
    affiliation: str
    group: str
    posted_at: datetime
    text: str
    revision: int
    is_edited: bool
    # The words of the question that were answered, where it reads differently now.
    answered_wording: str | None
    replies: tuple["Said", ...] = ()


@dataclass(frozen=True, kw_only=True)
class QuestionSummary:
    """A question and what stands in its thread; what was taken back is counted, hidden with its reason."""

    key: str
    text: str
    is_central: bool
    is_retired: bool
    earlier_wordings: tuple[str, ...]
    said: tuple[Said, ...]
    responses: int
    replies: int
    withdrawn: int
    hidden_reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Share:
    """A count of a total with its 95 % Wilson interval, in percent; None where there is nobody."""

    count: int
    total: int
    percent: float | None
    low_percent: float | None
    high_percent: float | None

    @property
    def text(self) -> str:
        """The share in words, with n/N and interval."""
        return describe_proportion(Proportion(self.count, self.total))


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number of a line under its column's label; `text` is how every format prints it."""

    key: str
    label: str
    value: Any
    text: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """How many chose one step of a scale."""

    step: str
    count: int


@dataclass(frozen=True, kw_only=True)
class VerdictSummary:
    """What the rule said, why, and whether one person less could change it (None: too few to say)."""

    word: str
    label: str
    because: str
    is_fragile: bool | None
    fragility: str


@dataclass(frozen=True, kw_only=True)
class PollLine:
    """The result for one statement."""

    key: str
    text: str
    answered: int
    figures: tuple[Figure, ...]
    share: Share | None
    median: float | None
    iqr: float | None
    outside_expertise: int | None
    distribution: tuple[Step, ...]
    verdict: VerdictSummary | None
    # What people wrote, sorted by text; only kinds that ask for words have it.
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ScaleSummary:
    """The scale people rated on, the words at its ends, and where its upper third begins."""

    minimum: int
    maximum: int
    low_label: str
    high_label: str
    lower_third_to: int
    upper_third_from: int


@dataclass(frozen=True, kw_only=True)
class RoundSummary:
    """One time of asking. `late` votes came after the end and were not counted; `had_feedback` says whether voters
    saw the group's earlier result."""

    number: int
    opened_at: datetime
    closed_at: datetime | None
    revealed_at: datetime | None
    answered: int
    entitled: int
    late: int
    had_feedback: bool
    terms_sha256: str


@dataclass(frozen=True, kw_only=True)
class DeviationSummary:
    """Something frozen that was changed for a later round, and why."""

    from_round: int
    what: str
    before: str
    after: str
    reason: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class MovementSummary:
    """Who moved on a statement since the round before, as counts."""

    to_round: int
    text: str
    words: str
    stability: str = ""


@dataclass(frozen=True, kw_only=True)
class Turnout:
    """N, always split. `abstained` is None while the result is not revealed, and `outside_expertise` also where
    a kind asks for it line by line."""

    invited: int
    entitled: int
    recused: int
    answered: int
    abstained: int | None
    outside_expertise: int | None = None


@dataclass(frozen=True, kw_only=True)
class PollSummary:
    """A poll and the result of its newest round; `lines` are empty unless the room may see the result."""

    key: str
    title: str
    kind: str
    kind_label: str
    state: str
    visibility: str
    secrecy: str
    is_revealed: bool
    rule: str
    scale: ScaleSummary | None
    statements: tuple[str, ...]
    rounds: tuple[RoundSummary, ...]
    turnout: Turnout
    text: str
    lines: tuple[PollLine, ...]
    frozen_sha256: str
    deviations: tuple[DeviationSummary, ...] = ()
    movements: tuple[MovementSummary, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PriorityItem:
    """One response in the ranking; ties share a rank, None is a response without points."""

    rank: int | None
    key: str
    text: str
    points: int
    voters: int
    largest_single: int


@dataclass(frozen=True, kw_only=True)
class Priorities:
    """The standing poll of points; `items` are empty unless the room may see the result."""

    key: str
    state: str
    is_revealed: bool
    budget: int
    per_item: int
    turnout: Turnout
    text: str
    items: tuple[PriorityItem, ...]
    frozen_sha256: str


@dataclass(frozen=True, kw_only=True)
class GroupCount:
    """One stakeholder group of three or more; None where the attribution rule withholds a count."""

    label: str
    invited: int
    accepted: int
    posted: int | None
    responses: int | None
    replies: int | None


@dataclass(frozen=True, kw_only=True)
class Participation:
    """Who took part, in numbers; `posted` is None where so few posted that it would link their responses."""

    invited: int
    accepted: int
    posted: int | None
    responses: int
    replies: int
    withdrawn: int
    hidden: int
    groups: tuple[GroupCount, ...]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What the numbers rest on. Not part of what is hashed."""

    software: str
    event_number: int
    event_at: datetime | None
    inputs_sha256: str


@dataclass(frozen=True, kw_only=True)
class SummaryDocument:
    """The summary of one forum session."""

    schema_version: int
    meeting: MeetingFacts
    forum_session: ForumSessionFacts
    questions: tuple[QuestionSummary, ...]
    polls: tuple[PollSummary, ...]
    priorities: Priorities | None
    participation: Participation
    provenance: Provenance

    @property
    def documents(self) -> tuple["SummaryDocument", ...]:
        """Itself, so that a format reads one forum session and a whole meeting alike."""
        return (self,)

    @property
    def title(self) -> str:
        """The forum session's code and title."""
        return f"{self.forum_session.code}. {self.forum_session.title}"

    @property
    def central_question(self) -> QuestionSummary | None:
        """The central question, where there is one."""
        return next((question for question in self.questions if question.is_central), None)

    @property
    def inputs_sha256(self) -> str:
        """The SHA-256 of the canonical JSON of everything but the provenance."""
        content = self.to_json()
        del content["provenance"]
        return hashlib.sha256(canonical_json(content).encode()).hexdigest()

    def sealed(self) -> "SummaryDocument":
        """The document with the hash of its content in its provenance."""
        return replace(self, provenance=replace(self.provenance, inputs_sha256=self.inputs_sha256))

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, texts and numbers."""
        found: dict[str, Any] = plain(self)
        return found


@dataclass(frozen=True, kw_only=True)
class MeetingSummary:
    """The summaries of all forum sessions of a meeting."""

    schema_version: int
    meeting: MeetingFacts
    documents: tuple[SummaryDocument, ...]

    @property
    def title(self) -> str:
        """The meeting's title."""
        return self.meeting.title

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, texts and numbers; the documents are called `sessions`."""
        return {"schema_version": self.schema_version, "meeting": plain(self.meeting),
                "sessions": [document.to_json() for document in self.documents]}


Summary = SummaryDocument | MeetingSummary


def plain(value: Any) -> Any:
    """A value of this module as JSON has it: moments in UTC, fractions to six decimals, 7.0 as 7.

    Shares and medians are the only fractions; six decimals are more than any panel can bear, and a number
    without exponent is written alike by every JSON library, so that anybody can recompute the hash.
    """
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        rounded = round(value, 6)
        return int(rounded) if rounded.is_integer() else rounded
    return str(value) if isinstance(value, str) else value


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no blanks, as RFC 8785 has it; what is hashed."""
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
