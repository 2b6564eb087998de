"""Bylines: what may be said about who wrote something."""

from dataclasses import dataclass
from enum import StrEnum

from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE

LONGEST_RESPONSE = 10_000
LONGEST_REASON = 500
# What the room reads while the chair has not decided about a flag. Who flagged it and why is for the chair.
UNDER_REVIEW = "flagged to the chair, who has not decided yet"


class Attribution(StrEnum):
    """How what is said in a forum session may be attributed, the strictest last."""

    NAMED = "named"
    ROLE = "role"
    CHATHAM = "chatham"


@dataclass(frozen=True, kw_only=True)
class Byline:
    """The author's line of a response; empty fields are not known to the reader."""

    name: str = ""
    affiliation: str = ""
    group: str = ""


def strictest(*rules: str) -> Attribution:
    """The rule among these under which the least is told."""
    return max((Attribution(rule) for rule in rules), key=list(Attribution).index)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What somebody was promised when they wrote something: the rule of that moment, and the stakeholder group that
    may be told. It is stored with the words and never found anew, so that people who are put into other groups later,
    or a question that moves to another session, tell nobody who wrote what."""

    attribution: Attribution
    label: str = ""


def promise(*, attribution: str, group: str, accepted_in_group: int) -> Promise:
    """The promise of this moment. `accepted_in_group` counts the people of the author's stakeholder group who have
    accepted and may speak in the session: whoever was only invited hides nobody."""
    rule = Attribution(attribution)
    has_label = rule is Attribution.ROLE and bool(group) and accepted_in_group >= FEWEST_PEOPLE
    return Promise(attribution=rule, label=group if has_label else "")


def byline(*, name: str, affiliation: str, promised: Promise, attribution: str) -> Byline:
    """What a reader may know of an author: the stricter of what was promised and of the rule where the words stand."""
    rule = strictest(promised.attribution, attribution)
    if rule is Attribution.NAMED:
        return Byline(name=name, affiliation=affiliation)
    return Byline(group=promised.label if rule is Attribution.ROLE else "")
