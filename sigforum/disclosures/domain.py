"""Interests, and the rules of a room, as plain values."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE
from sigforum.kernel.errors import NotAllowed

LONGEST_INTEREST = 4_000
LONGEST_NOTICE = 10_000
# A count of so few people would point at them.
FEWEST_COUNTED = FEWEST_PEOPLE

DEFAULT_NOTICE = """\
People from competing organizations sit in this room. Competition law holds here as everywhere else.

**Please do not** share or ask for:

- prices, discounts, margins or costs of your own organization
- capacities and production plans that are not public
- bids, tenders, negotiations, and whom an organization supplies or buys from
- plans for markets, investment or hiring that are not public

**You can** discuss science, methods, published data, standards, what patients need, and numbers from which no \
single organization can be told.

If something is said that does not belong here, say so, or flag it to the chair: it is hidden at once. You alone \
decide what your organization does afterwards; nothing said here binds anybody.
"""

ATTRIBUTION_WORDS = {
    "named": "Responses carry names. What you write here stands under your name and affiliation.",
    "role": "Responses carry stakeholder groups, not names, and a group only where three or more people share it.",
    "chatham": "Responses carry no names and no affiliations, here and in every report. What was said may be used "
               "outside; who said it may not be told.",
}


class Stance(StrEnum):
    """What somebody says about their interests."""

    INTERESTS = "interests"
    NOTHING = "nothing"
    # For one session: the same as for the whole meeting.
    AS_MEETING = "as_meeting"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What somebody declares, for the whole meeting or for one session. Both texts are empty unless the stance is
    `interests`, and then at least one is not."""

    stance: Stance
    financial: str = ""
    advocacy: str = ""


@dataclass(frozen=True, kw_only=True)
class DisclosureCounts:
    """How many of the people of a forum session declared what; nobody's name and no text."""

    people: int
    declared: int
    nothing: int
    financial: int
    advocacy: int

    @property
    def unanswered(self) -> int:
        """How many have said neither."""
        return self.people - self.declared - self.nothing

    @property
    def is_told(self) -> bool:
        """Whether so many people are counted that the room may know."""
        return self.people >= FEWEST_COUNTED


def count_declared(declared: Iterable[Declared | None]) -> DisclosureCounts:
    """Count what each of some people declares; None is somebody who has not answered."""
    found = list(declared)
    interests = [one for one in found if one is not None and one.stance is Stance.INTERESTS]
    return DisclosureCounts(
        people=len(found), declared=len(interests),
        nothing=sum(one is not None and one.stance is Stance.NOTHING for one in found),
        financial=sum(bool(one.financial) for one in interests),
        advocacy=sum(bool(one.advocacy) for one in interests))


@dataclass(frozen=True, kw_only=True)
class NoticeText:
    """The competition-law notice as it reads now. Number 0 is the text that comes with sigforum."""

    number: int
    text: str

    @property
    def sha256(self) -> str:
        """The hash of the text, kept with each acknowledgement."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class EntryNeeded(NotAllowed):
    """Somebody wanted to take part without having acknowledged the rules; `place` is the forum session's id."""

    def __init__(self, *, place: int) -> None:
        super().__init__("Before you post or vote here, read this session's rules and say that you have read them: "
                         "see “Before you take part” at the top of the session's page. Reading is open to you.")
        self.place = place
