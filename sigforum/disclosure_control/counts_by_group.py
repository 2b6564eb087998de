"""Counts by group, told only as far as nobody's vote can be read from them or found by subtraction."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from math import ceil

from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE

# (group, line) -> a count of people.
Cells = Mapping[tuple[str, str], int]
Range = tuple[int, int]


class Shown(StrEnum):
    """How far a count of a group is told. No count under three is, and none that leaves fewer than three."""

    EXACT = "exact"
    FEW = "few"
    NEARLY_ALL = "nearly_all"
    MINORITY = "minority"
    MAJORITY = "majority"
    HIDDEN = "hidden"


def protected(counts: Cells, sizes: Mapping[str, int], *, adds_up: bool = False, is_coarse: bool = False
              ) -> dict[tuple[str, str], Shown]:
    """How each count is told, on every line in the finest way in which no count that is held back can be worked out.

    Known to everybody are the sizes of the groups and the sum of every line, which the result prints. With `adds_up`
    a person chose one line at most, so that a group's counts cannot exceed its size. First come exact counts from
    three on both sides and "fewer than 3"; then halves, with which `is_coarse` begins; then nothing. Source of holding
    back a second cell: Cox, "Suppression methodology and statistical disclosure control", JASA 75 (1980) 377-385.
    """
    groups = sorted({group for group, _ in counts})
    lines = list(dict.fromkeys(line for _, line in counts))
    # Lines that add up are judged together, because one tells of the other.
    parts = [lines] if adds_up else [[line] for line in lines]
    told: dict[tuple[str, str], Shown] = {}
    for part in parts:
        cells = {(group, line): counts[group, line] for line in part for group in groups}
        told |= next(way for way in _ways(cells, sizes)[is_coarse:] if _is_safe(way, cells, sizes, adds_up=adds_up))
    return told


def band(shown: Shown, people: int) -> Range:
    """The counts that a word can stand for in a group of this size, all of them possible."""
    half = ceil(people / 2)
    return {Shown.FEW: (0, 2), Shown.NEARLY_ALL: (people - 2, people), Shown.MINORITY: (0, half - 1),
            Shown.MAJORITY: (half, people)}.get(shown, (0, people))


def _ways(cells: Cells, sizes: Mapping[str, int]) -> list[dict[tuple[str, str], Shown]]:
    return [{place: _fine(count, sizes[place[0]]) for place, count in cells.items()},
            {place: _half(count, sizes[place[0]]) for place, count in cells.items()},
            dict.fromkeys(cells, Shown.HIDDEN)]


def _fine(count: int, people: int) -> Shown:
    # In a group under six, three on both sides cannot be, and "all but fewer than 3" would mean one number.
    if people < 2 * FEWEST_PEOPLE:
        return _half(count, people)
    if count < FEWEST_PEOPLE:
        return Shown.FEW
    return Shown.NEARLY_ALL if people - count < FEWEST_PEOPLE else Shown.EXACT


def _half(count: int, people: int) -> Shown:
    return Shown.MAJORITY if 2 * count >= people else Shown.MINORITY


def _is_safe(way: Mapping[tuple[str, str], Shown], cells: Cells, sizes: Mapping[str, int], *, adds_up: bool) -> bool:
    """Whether every count that is held back could be another one too. Hiding everything is as safe as it gets: what
    the result itself tells, such as that everybody agreed, no table can take back."""
    if all(shown is Shown.HIDDEN for shown in way.values()):
        return True
    ranges = {place: (cells[place], cells[place]) if shown is Shown.EXACT else band(shown, sizes[place[0]])
              for place, shown in way.items()}
    sums: list[tuple[Collection[tuple[str, str]], int]] = []
    for line in dict.fromkeys(line for _, line in cells):
        column = [place for place in cells if place[1] == line]
        sums.append((column, sum(cells[place] for place in column)))
    if adds_up:
        _add_rest(ranges, sums, cells, sizes)
    _narrow(ranges, sums)
    return all(low < high for place, (low, high) in ranges.items() if way.get(place, Shown.EXACT) is not Shown.EXACT)


def _add_rest(ranges: dict[tuple[str, str], Range], sums: list[tuple[Collection[tuple[str, str]], int]], cells: Cells,
              sizes: Mapping[str, int]) -> None:
    """Those who chose no line: a column that is told of nowhere, with which each group adds up to its size."""
    groups = dict.fromkeys(group for group, _ in cells)
    left = sum(sizes[group] for group in groups) - sum(cells.values())
    for group in groups:
        ranges[group, ""] = (0, sizes[group])
        sums.append(([place for place in ranges if place[0] == group], sizes[group]))
    sums.append(([(group, "") for group in groups], left))


def _narrow(ranges: dict[tuple[str, str], Range], sums: Collection[tuple[Collection[tuple[str, str]], int]]) -> None:
    """What a reader can conclude: every range is cut by what the others of its sum leave, until nothing moves."""
    has_moved = True
    while has_moved:
        has_moved = False
        for places, total in sums:
            lowest, highest = (sum(ranges[place][end] for place in places) for end in (0, 1))
            for place in places:
                low, high = ranges[place]
                cut = (max(low, total - (highest - high)), min(high, total - (lowest - low)))
                if cut != (low, high):
                    ranges[place], has_moved = cut, True
                    lowest, highest = lowest + cut[0] - low, highest + cut[1] - high
