"""Agreement that crosses groups: how likely a statement is to be agreed with in every group at once."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeVar

Person = TypeVar("Person", bound=Hashable)

AGREE, PASS, DISAGREE = 1, 0, -1
# Under this many people opinion groups say little that the declared stakeholder groups do not say better.
OPINION_GROUPS_FROM = 40


@dataclass(frozen=True)
class GroupVotes:
    """One group's votes on one statement: those who agreed, those who disagreed, and all who voted, passes included."""

    agree: int
    disagree: int
    seen: int

    def __post_init__(self) -> None:
        if min(self.agree, self.disagree) < 0 or self.agree + self.disagree > self.seen:
            raise ValueError(f"{self.agree} agree and {self.disagree} disagree of {self.seen} is no count of votes")

    @property
    def agree_chance(self) -> float:
        """(agree + 1) / (seen + 2): a half where nobody voted, never quite 0 or 1."""
        return (self.agree + 1) / (self.seen + 2)

    @property
    def disagree_chance(self) -> float:
        """(disagree + 1) / (seen + 2)."""
        return (self.disagree + 1) / (self.seen + 2)


@dataclass(frozen=True)
class SharedVote:
    """The products over all groups; a statement that one group refuses comes out low however large the others are."""

    agree: float
    disagree: float
    groups: int


def shared_vote(groups: Sequence[GroupVotes]) -> SharedVote:
    """Group-informed consensus on one statement: the product over groups of their chance to agree, and to disagree.

    The groups may be found in the votes or declared (stakeholder groups). Products of different numbers of groups do
    not compare. Raises ValueError for no groups. Source: Small, Bjorkegren, Erkkilä, Shaw and Megill, "Polis: scaling
    deliberation by mapping high dimensional opinion spaces", Recerca 26 (2021), "group-informed consensus".
    """
    if not groups:
        raise ValueError("consensus over groups needs at least one group")
    return SharedVote(agree=prod(group.agree_chance for group in groups),
                      disagree=prod(group.disagree_chance for group in groups), groups=len(groups))


def votes_by_group(
    votes: Mapping[Person, Mapping[str, int]], membership: Mapping[Person, str], *, statements: Iterable[str]
) -> dict[str, dict[str, GroupVotes]]:
    """By group and statement, the votes (1, 0, -1) of those who belong to a group; others do not count.

    Groups come in the order of their names; a group without any vote on a statement has 0 of 0.
    """
    wanted = tuple(statements)
    counts: dict[str, dict[str, list[int]]] = {
        group: {statement: [0, 0, 0] for statement in wanted} for group in sorted(set(membership.values()))}
    for person, ballot in votes.items():
        group = membership.get(person)
        if group is None:
            continue
        for statement, vote in ballot.items():
            row = counts[group].get(statement)
            if row is not None:
                row[0] += vote == AGREE
                row[1] += vote == DISAGREE
                row[2] += 1
    return {group: {statement: GroupVotes(*row) for statement, row in rows.items()} for group, rows in counts.items()}


def uses_opinion_groups(people: int) -> bool:
    """Whether groups are looked for in the votes of this many people by default, or the declared ones are taken."""
    return people >= OPINION_GROUPS_FROM


def describe_shared_vote(groups: Mapping[str, GroupVotes]) -> str:
    """A plain readout with each group's counts: "patients 5 of 6 agree, industry 3 of 4 agree; over groups 0.50"."""
    parts = ", ".join(f"{name} {votes.agree} of {votes.seen} agree" for name, votes in groups.items())
    return f"{parts}; over groups {shared_vote(list(groups.values())).agree:.2f}" if groups else "no groups"
