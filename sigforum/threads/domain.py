"""Bylines: what may be said about who wrote a response."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LONGEST_RESPONSE = 10_000
LONGEST_REASON = 500
# What the room reads while the chair has not decided about a flag. Who flagged it and why is for the chair.
UNDER_REVIEW = "flagged to the chair, who has not decided yet"
# A group in which fewer people sit would name them.
SMALLEST_GROUP = 3


class Attribution(StrEnum):
    """How what is said in a forum session may be attributed."""

    NAMED = "named"
    ROLE = "role"
    CHATHAM = "chatham"


@dataclass(frozen=True, kw_only=True)
class Byline:
    """The author's line of a response; empty fields are not known to the reader."""

    name: str = ""
    affiliation: str = ""
    group: str = ""


def groups_large_enough(groups: Iterable[str]) -> frozenset[str]:
    """The stakeholder groups, one entry a person, that are large enough to be named."""
    return frozenset(group for group, size in Counter(groups).items() if group and size >= SMALLEST_GROUP)


def byline(*, name: str, affiliation: str, group: str, attribution: Attribution,
           large_groups: frozenset[str]) -> Byline:
    """What a reader may know of an author under a session's attribution rule."""
    if attribution is Attribution.NAMED:
        return Byline(name=name, affiliation=affiliation)
    if attribution is Attribution.ROLE and group in large_groups:
        return Byline(group=group)
    return Byline()
