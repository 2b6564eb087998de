"""Groups over a whole meeting, beside the tables of its sessions: so that none can be subtracted from the other."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sigforum.disclosure_control.joining import standing_apart
from sigforum.disclosure_control.parts import leaves_few
from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE


@dataclass(frozen=True, kw_only=True)
class Invited:
    """One participant of the meeting, and the forum sessions they are invited to."""

    group: str
    has_accepted: bool
    sessions: frozenset[str]


def groups_of_meeting(people: Sequence[Invited], sessions: Iterable[str]) -> frozenset[str]:
    """The groups that may be shown apart in the meeting's table; the rest stands as one.

    A session's table is subtracted from the meeting's wherever some of its rows together hold the same groups as some
    rows of the meeting's. What is left are those not invited to that session, and they must be nobody or three and
    more people; invited and accepted are judged apart. Where they are not, the groups concerned are joined.
    """
    every = {one.group for one in people}
    alone = set(standing_apart(accepted_by_group(people)))
    tables = [(_rows(there, every), there) for code in sorted(sessions)
              if (there := [one for one in people if code in one.sessions])]
    while alone and (bad := _first_bad(people, alone, every, tables)) is not None:
        # Either groups that stand alone join the rest, or the rest itself is too open and takes one more in.
        alone -= (alone & bad) or {min(alone, key=lambda group: (accepted_of(people, {group}), group))}
    return frozenset(alone)


def accepted_by_group(people: Iterable[Invited]) -> dict[str, int]:
    """How many of each group have accepted; a group of which nobody has is named all the same."""
    found: dict[str, int] = {}
    for one in people:
        found[one.group] = found.get(one.group, 0) + one.has_accepted
    return found


def accepted_of(people: Iterable[Invited], groups: Collection[str]) -> int:
    """How many people of some groups have accepted."""
    return sum(one.has_accepted for one in people if one.group in groups)


Rows = list[frozenset[str]]


def _rows(there: Sequence[Invited], every: Collection[str]) -> Rows:
    """The groups behind each row of a session's table; whoever is not named in it is in its rest."""
    named = standing_apart(accepted_by_group(there))
    if not named:
        return [frozenset(every)]
    return [*(frozenset({label}) for label in sorted(named)), frozenset(set(every) - named)]


def _first_bad(people: Sequence[Invited], alone: set[str], every: set[str],
               tables: Sequence[tuple[Rows, Sequence[Invited]]]) -> frozenset[str] | None:
    """Groups whose counts would give a few people away, as the meeting's table stands."""
    rest = frozenset(every - alone)
    if rest and accepted_of(people, rest) < FEWEST_PEOPLE:
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
    return leaves_few(sum(one.group in groups for one in people) - sum(one.group in groups for one in there),
                      accepted_of(people, groups) - accepted_of(there, groups))
