"""What is told of groups in one round: declared groups line by line, and groups found in the votes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sigforum.disclosure_control.counts_by_group import Shown
from sigforum.disclosure_control.thresholds import FEWEST_IN_CHATHAM_GROUP, FEWEST_PEOPLE

# A count of fewer people would speak of persons.
SMALLEST_GROUP = FEWEST_PEOPLE
SMALLEST_CHATHAM_GROUP = FEWEST_IN_CHATHAM_GROUP
# How the groups of an agree/disagree poll are chosen: the poll's setting `groups`.
BY_SIZE, ALWAYS, NEVER = "by_size", "always", "never"
# Why a table is left out beside the one of participants.
SILENT_FEW = ("Beside how many of each group accepted, the numbers of voters would tell of one or two people that they "
              "did not vote, so that nothing is told by group.")


def product_text(value: float | None) -> str:
    """A product over groups with three digits that count: 0.0043 is not 0, and 0.175 not 0.171."""
    if value is None:
        return "–"
    return "under 0.0001" if 0 < value < 0.0001 else f"{float(f'{value:.3g}'):.7f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, kw_only=True)
class GroupCell:
    """One group on one line: of `people` who voted in the round, `count` where it is told exactly."""

    group: str
    people: int
    shown: Shown
    count: int | None = None
    # Of a rating, where enough of the group rated.
    median: float | None = None
    # How many of the group said something about the line, where somebody of any group did not; 0 where that number
    # would speak of one or two. Older tables count everybody.
    of: int | None = None

    @property
    def total(self) -> int:
        """What the count is a count of."""
        return self.of or self.people

    @property
    def words(self) -> str:
        """The count as it is told, under a heading that gives the group's size."""
        said = {Shown.EXACT: str(self.count), Shown.FEW: "fewer than 3", Shown.NEARLY_ALL: "all but fewer than 3",
                Shown.MINORITY: "fewer than half", Shown.MAJORITY: "half or more", Shown.HIDDEN: "not told"}[self.shown]
        if self.of is None or self.shown is Shown.HIDDEN:
            return said
        return f"{said} of {self.of or 'those'} who answered it"

    @property
    def text(self) -> str:
        """The cell where it stands alone: "4 of 9", "fewer than half of 5"."""
        return self.words if self.shown is Shown.HIDDEN or self.of is not None else f"{self.words} of {self.people}"


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """One statement or option by declared group; `shared` is the product over groups, None where cells are hidden."""

    key: str
    text: str
    count: int
    people: int
    cells: tuple[GroupCell, ...]
    shared: float | None = None

    @property
    def shared_text(self) -> str:
        """The product as it is printed."""
        return product_text(self.shared)


@dataclass(frozen=True, kw_only=True)
class DeclaredGroups:
    """The cross-tabulation by stakeholder group, or in `refused` the reason why there is none."""

    # What is counted, as the end of a sentence: "agree", "rated 7 or more".
    counted: str = ""
    lines: tuple[GroupLine, ...] = ()
    refused: str = ""

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """The groups with how many of them voted."""
        return tuple((cell.group, cell.people) for cell in self.lines[0].cells) if self.lines else ()

    def to_json(self) -> dict[str, Any]:
        """Plain values, as they are stored."""
        return {"counted": self.counted, "refused": self.refused, "lines": [
            {"key": line.key, "text": line.text, "count": line.count, "people": line.people, "shared": line.shared,
             "cells": [{"group": cell.group, "people": cell.people, "shown": cell.shown.value, "count": cell.count,
                        "median": cell.median, **({} if cell.of is None else {"of": cell.of})}
                       for cell in line.cells]} for line in self.lines]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "DeclaredGroups":
        """Read back what `to_json` gave."""
        return cls(counted=stored["counted"], refused=stored["refused"], lines=tuple(
            GroupLine(**{**line, "cells": tuple(GroupCell(**{**cell, "shown": Shown(cell["shown"])})
                                                for cell in line["cells"])}) for line in stored["lines"]))


@dataclass(frozen=True, kw_only=True)
class FoundGroup:
    """One group found in the votes: its letter, its size, and statements that set it apart with their readout."""

    name: str
    people: int
    statements: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class FoundGroups:
    """Groups found in the votes, always exploratory, or in `refused` the reason why none are shown.

    `shared` has statements agreed with over all groups, most agreed first, with their readout; `drawn` is the map as
    plain numbers for the macro `opinion_map`; `chance` says what shuffled votes give.
    """

    text: str
    refused: str = ""
    chance: str = ""
    groups: tuple[FoundGroup, ...] = ()
    shared: tuple[tuple[str, str], ...] = ()
    drawn: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class RoundGroups:
    """All that is told of groups in one revealed round. `is_waiting` says that groups are still being looked for."""

    round_number: int
    declared: DeclaredGroups | None
    found: FoundGroups | None
    is_waiting: bool = False
