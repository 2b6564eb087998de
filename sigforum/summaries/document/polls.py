"""What was voted: polls, their rounds and results, and the priorities."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sigforum.consensus.proportions import Proportion, describe_proportion, describe_share
from sigforum.summaries.document.groups import PollGroups
from sigforum.summaries.document.plain import came_later


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
        if self.low_percent is None:
            return describe_share(self.count, self.total)
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
    # The verdict without the votes of those who declared an interest, None where it is not told; and in words, which
    # say why not. Empty where there is no verdict, and in a secret vote.
    without_declared: VerdictSummary | None = None
    without_declared_text: str = ""


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
class RoundLine:
    """What one round gave for one statement; `verdict` and `label` are empty without a rule."""

    key: str
    text: str
    answered: int
    share: Share | None
    median: float | None
    verdict: str
    label: str
    distribution: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class RoundSummary:
    """One time of asking. `late` votes came after the end and were not counted; `had_feedback` says whether voters
    saw the group's earlier result. `results` are there in polls of several rounds, for each round that the room may
    see; those of the newest are in the poll's own lines as well."""

    number: int
    opened_at: datetime
    closed_at: datetime | None
    revealed_at: datetime | None
    answered: int
    entitled: int
    late: int
    had_feedback: bool
    terms_sha256: str
    results: tuple[RoundLine, ...] = came_later(())


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
    groups: PollGroups | None = None
    # What an earlier version of the rule, by which the newest round was judged, does otherwise than one declared now.
    earlier_rule: str = came_later("")
    # What is told of all statements together, and in words.
    whole_figures: tuple[Figure, ...] = came_later(())
    whole_text: str = came_later("")
    # What the kind's settings mean to a reader: a unit and bounds, how many could be chosen. The scale stands apart.
    settings_text: str = came_later("")


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
