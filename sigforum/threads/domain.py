"""Bylines: what may be said about who wrote something."""

from dataclasses import dataclass
from enum import StrEnum

from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE
from sigforum.kernel.errors import Outdated

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


# The field in which a form says which rule stood beside the words while they were written.
SHOWN = "shown"
_CARRIED = {Attribution.NAMED: "with your name and affiliation",
            Attribution.ROLE: "with your stakeholder group where three or more people share it"}


def shown_rule(raw: str) -> Attribution:
    """The rule that a form showed. One that does not say may have promised the strictest."""
    return Attribution(raw) if raw in list(Attribution) else Attribution.CHATHAM


def check_shown(shown: Attribution, *, in_force: str) -> None:
    """Raises Outdated where more would be told of an author than the form said while the words were written: another
    rule was chosen since, or the agenda took the question to a session with another rule."""
    rule = Attribution(in_force)
    if strictest(shown, rule) is not rule:
        raise Outdated(f"The rule has changed since you opened this form: what you write here now stands "
                       f"{_CARRIED[rule]}. Nothing was stored yet. Send it again if that is right for you, or reload "
                       "the page first.", renewed={SHOWN: rule})


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
