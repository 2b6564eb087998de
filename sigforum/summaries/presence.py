"""Counting stakeholder groups over the meeting, so that no session's table can be subtracted from the meeting's."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sigforum.summaries.document.synthesis import GroupPresence
from sigforum.summaries.participation import POOLED, SMALLEST_GROUP, Attendee, large_enough


@dataclass(frozen=True, kw_only=True)
class Invited:
    """One participant of the meeting, and the forum sessions they are invited to."""

    group: str
    has_accepted: bool
    sessions: frozenset[str]

    @property
    def attendee(self) -> Attendee:
        """The same person in one table of participants."""
        return Attendee(group=self.group, is_invited=True, has_accepted=self.has_accepted, responses=0, replies=0)


def meeting_groups(people: Sequence[Invited], sessions: Iterable[str]) -> tuple[GroupPresence, ...]:
    """The groups that may be shown, the rest as one; empty where nothing can be shown apart.

    A session's table is subtracted from the meeting's wherever some of its rows together hold the same groups as some
    rows of the meeting's. What is left are those not invited to that session, and they must be nobody or three and
    more people; invited and accepted are judged apart. Where they are not, the groups concerned are joined.
    """
    every = {one.group for one in people}
    alone = {label for label in large_enough([one.attendee for one in people]) if label != POOLED}
    tables = [(_rows(there, every), there) for code in sorted(sessions)
              if (there := [one for one in people if code in one.sessions])]
    while alone and (bad := _first_bad(people, alone, every, tables)) is not None:
        # Either groups that stand alone join the rest, or the rest itself is too open and takes one more in.
        alone -= (alone & bad) or {min(alone, key=lambda group: (_accepted(people, {group}), group))}
    if not alone:
        return ()
    rows = [*((group, {group}) for group in sorted(alone))]
    if every - alone:
        rows.append((POOLED, every - alone))
    return tuple(GroupPresence(label=label, accepted=_accepted(people, groups),
                               invited=sum(one.group in groups for one in people)) for label, groups in rows)


Rows = list[frozenset[str]]


def _rows(there: Sequence[Invited], every: Collection[str]) -> Rows:
    """The groups behind each row of a session's table; whoever is not named in it is in its rest."""
    named = [label for label in large_enough([one.attendee for one in there]) if label != POOLED]
    if not named:
        return [frozenset(every)]
    return [*(frozenset({label}) for label in named), frozenset(set(every) - set(named))]


def _first_bad(people: Sequence[Invited], alone: set[str], every: set[str],
               tables: Sequence[tuple[Rows, Sequence[Invited]]]) -> frozenset[str] | None:
    """Groups whose counts would give a few people away, as the meeting's table stands."""
    rest = frozenset(every - alone)
    if rest and _accepted(people, rest) < SMALLEST_GROUP:
        return rest
    own = [frozenset({group}) for group in alone] + ([rest] if rest else [])
    for rows, there in tables:
        for groups in _joined([*own, *rows]):
            if groups != every and _gives_away(people, there, groups):
                return groups
    return None


def _joined(rows: Iterable[frozenset[str]]) -> Iterator[frozenset[str]]:
    """The smallest sets of groups that both tables can add up to."""
    found: list[frozenset[str]] = []
    for row in rows:
        touching = [one for one in found if one & row]
        found = [one for one in found if not one & row] + [row.union(*touching)]
    return iter(sorted(found, key=sorted))


def _gives_away(people: Sequence[Invited], there: Sequence[Invited], groups: Collection[str]) -> bool:
    invited = sum(one.group in groups for one in people) - sum(one.group in groups for one in there)
    accepted = _accepted(people, groups) - _accepted(there, groups)
    return any(0 < left < SMALLEST_GROUP for left in (invited, accepted))


def _accepted(people: Iterable[Invited], groups: Collection[str]) -> int:
    return sum(one.has_accepted for one in people if one.group in groups)
