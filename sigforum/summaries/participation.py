"""Counting who took part, so that no count of a small group can be read or found by subtraction."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sigforum.disclosure_control.joining import POOLED, standing_apart
from sigforum.disclosure_control.parts import leaves_few
from sigforum.people.domain import Outcome
from sigforum.summaries.document.people import GroupCount, Participation


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """One person: invited to take part, or only an author (a facilitator, or somebody removed since)."""

    group: str
    is_invited: bool
    # Ever, whatever became of their place later.
    has_accepted: bool
    responses: int
    replies: int

    @property
    def has_posted(self) -> bool:
        """Whether something of theirs stands."""
        return self.responses + self.replies > 0


Someone = TypeVar("Someone", bound=Attendee)
# How many responses and how many replies stand under each stakeholder group that was told with them.
Labelled = Mapping[str, tuple[int, int]]


def count_participation(attendees: Sequence[Attendee], *, attribution: str, withdrawn: int, hidden: int,
                        labelled: Labelled | None = None,
                        outcomes: Mapping[str, int] | None = None) -> Participation:
    """The totals, and the groups that are large enough; `outcomes` are those of `outcome_counts`. With `labelled` the
    rule `role` counts what each group wrote by the groups in the bylines: by the groups that people are in now, moving
    somebody would tell how much they wrote.

    Where responses carry no names, the number of authors is kept back under three: "two people wrote all
    this" would tie anonymous responses together.
    """
    posted = sum(one.has_posted for one in attendees)
    is_telling = attribution != "named" and leaves_few(posted)
    rows = tuple(_row(label, group, attribution) for label, group in large_enough(attendees).items())
    return Participation(
        invited=sum(one.is_invited for one in attendees),
        accepted=sum(one.has_accepted for one in attendees),
        posted=None if is_telling else posted, responses=sum(one.responses for one in attendees),
        replies=sum(one.replies for one in attendees), withdrawn=withdrawn, hidden=hidden, **(outcomes or {}),
        groups=_by_label(rows, attendees, labelled) if attribution == "role" and labelled is not None else rows)


def outcome_counts(outcomes: Iterable[Outcome]) -> Mapping[str, int]:
    """What became of those ever invited, by the names that a document has for it."""
    counts = Counter(outcomes)
    return {one.value: counts[one] for one in Outcome if one is not Outcome.ACCEPTED}


def large_enough(attendees: Iterable[Someone]) -> dict[str, list[Someone]]:
    """The groups that may be counted apart, the rest as one, by label; empty where nothing stands apart."""
    found: dict[str, list[Someone]] = defaultdict(list)
    for one in attendees:
        found[one.group if one.is_invited else ""].append(one)
    apart = standing_apart({group: _accepted(people) for group, people in found.items()})
    if not apart:
        return {}
    rows = {group: found[group] for group in sorted(apart)}
    rest = [one for group, people in found.items() if group not in apart for one in people]
    return {**rows, POOLED: rest} if rest else rows


def _accepted(people: Iterable[Attendee]) -> int:
    return sum(one.has_accepted for one in people)


def _row(label: str, people: Sequence[Attendee], attribution: str) -> GroupCount:
    """What each rule lets out: names show all there is; groups in the bylines show how much each group
    wrote, but not how many authors it had; the Chatham House rule shows neither."""
    has_groups = attribution in ("named", "role")
    return GroupCount(
        label=label, invited=sum(one.is_invited for one in people), accepted=_accepted(people),
        posted=sum(one.has_posted for one in people) if attribution == "named" else None,
        responses=sum(one.responses for one in people) if has_groups else None,
        replies=sum(one.replies for one in people) if has_groups else None)


def _by_label(rows: Sequence[GroupCount], attendees: Iterable[Attendee], labelled: Labelled) -> tuple[GroupCount, ...]:
    """The rows with what the bylines say that each group wrote; everything else belongs to the rest."""
    told = {row.label: labelled.get(row.label, (0, 0)) for row in rows if row.label != POOLED}
    everything = list(attendees)
    rest = (sum(one.responses for one in everything) - sum(responses for responses, _ in told.values()),
            sum(one.replies for one in everything) - sum(replies for _, replies in told.values()))
    return tuple(replace(row, responses=responses, replies=replies) for row in rows
                 for responses, replies in (told.get(row.label, rest),))
