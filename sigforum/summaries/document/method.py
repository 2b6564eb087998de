"""How the findings came about, as far as the record knows, and the checklist that journals ask for."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class GroupAnswers:
    """How many of a stakeholder group's people answered a round; None where the count would speak of persons."""

    label: str
    accepted: int
    answered: int | None


@dataclass(frozen=True, kw_only=True)
class RoundAnswers:
    """One round by stakeholder group; empty where the groups are too small to be counted apart."""

    poll: str
    round: int
    groups: tuple[GroupAnswers, ...]


@dataclass(frozen=True, kw_only=True)
class Method:
    """What the rest of the document does not say already. `facilitator_names` are there only where the attribution
    rule lets people be named."""

    invited_from: date | None
    invited_until: date | None
    facilitators: int
    facilitator_names: tuple[str, ...]
    answers: tuple[RoundAnswers, ...]


@dataclass(frozen=True, kw_only=True)
class ChecklistItem:
    """One item of the ACCORD checklist; `status` is record, draft or authors."""

    number: str
    section: str
    topic: str
    status: str
    text: str
