"""What is told of groups found in the votes: no count under three, none that leaves fewer than three, and none that
the counts of the other groups and of all together would give away."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.disclosure_control.parts import are_parts_told
from sigforum.groups.domain import SMALLEST_GROUP

# By group: how many agree, disagree, and voted on the statement.
Counts = Mapping[str, Sequence[int]]


def is_told(votes: Counts) -> bool:
    """Whether a statement's counts are told at all: one held back could be found from the others and the sum, so they
    are told together or not."""
    return are_parts_told((count, seen) for agree, disagree, seen in votes.values() for count in (agree, disagree))


def shared_text(row: Mapping[str, Any]) -> str:
    """A statement over all groups: the counts as they were found, or which side each group is on."""
    votes: Counts = row["votes"]
    if is_told(votes):
        return str(row["text"])
    return ", ".join(f"{name} {_half(agree, seen)} agree" for name, (agree, _, seen) in votes.items())


def statement_text(one: Mapping[str, Any], *, group: str, votes: Mapping[str, Counts]) -> str:
    """A statement that sets a group apart, with its count and how much likelier it is there, or with neither."""
    counts = votes.get(one["statement"], {})
    if counts and is_told(counts):
        return str(one["text"])
    agree, disagree, seen = counts.get(group, (0, 0, 0))
    count = agree if one["for"] == "agree" else disagree
    # Said only where it is so; the counts that it rests on are held back.
    often = ", more often than outside the group" if one["ratio"] > 1 else ""
    return f"{_half(count, seen)} {one['for']}{often}"


def _half(count: int, seen: int) -> str:
    if seen < SMALLEST_GROUP:
        return "too few to tell how many"
    return f"half or more of {seen}" if 2 * count >= seen else f"fewer than half of {seen}"
