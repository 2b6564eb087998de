"""What is told of groups in a poll's newest round: declared ones line by line, and those found in the votes."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class GroupSize:
    """A group and how many of it voted."""

    label: str
    voters: int


@dataclass(frozen=True, kw_only=True)
class GroupsLine:
    """One statement by declared group: `cells` in the order of the groups, each a number, or words where the number
    would speak of persons; `shared` is the product over groups, None where cells are held back."""

    key: str
    text: str
    cells: tuple[str, ...]
    count: int
    shared: float | None


@dataclass(frozen=True, kw_only=True)
class Readout:
    """A statement with what is said of it."""

    text: str
    words: str


@dataclass(frozen=True, kw_only=True)
class FoundGroup:
    """A group found in the votes, by its letter, with the statements that set it apart."""

    name: str
    people: int
    statements: tuple[Readout, ...]


@dataclass(frozen=True, kw_only=True)
class FoundGroups:
    """Groups found in the votes, always exploratory, or in `refused` why none are shown. `drawn` is the map as plain
    numbers, without a dot where persons may not be told apart."""

    text: str
    refused: str
    chance: str
    groups: tuple[FoundGroup, ...]
    shared: tuple[Readout, ...]
    drawn: Any


@dataclass(frozen=True, kw_only=True)
class PollGroups:
    """All that is told of groups; `counted` ends the sentence "how many of each group …"."""

    counted: str
    refused: str
    groups: tuple[GroupSize, ...]
    lines: tuple[GroupsLine, ...]
    found: FoundGroups | None
