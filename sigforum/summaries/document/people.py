"""Who took part, in numbers."""

from dataclasses import dataclass


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
