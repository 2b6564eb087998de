"""Which groups are told of apart, and which stand together: the one rule for every table by group."""

from collections.abc import Collection, Mapping

from sigforum.disclosure_control.parts import is_part_told, leaves_few, shown_answers
from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE

# The name of the groups that stand together, and of people in none.
POOLED = "Other groups"


def standing_apart(sizes: Mapping[str, int], *, smallest: int = FEWEST_PEOPLE) -> frozenset[str]:
    """The groups that may be told of apart; all others are told of as one, or not at all.

    `sizes` names every group that has somebody in it, people in none under the empty name, with the number of those
    who make it large enough. While what is left is itself too small, the smallest large group joins it: all minus the
    groups shown must not give the few away.
    """
    large = {name: size for name, size in sizes.items() if name and size >= smallest}
    rest = [size for name, size in sizes.items() if name not in large]
    while rest and sum(rest) < smallest and large:
        rest.append(large.pop(min(large, key=lambda name: (large[name], name))))
    return frozenset(large)


def joined_groups(sizes: Mapping[str, int], *, smallest: int = FEWEST_PEOPLE) -> dict[str, str]:
    """The name under which each group is told of: its own, or one name for the others. Groups of nobody are left out;
    where nothing stands apart there are no groups, and the answer is empty."""
    found = {name: size for name, size in sizes.items() if size}
    apart = standing_apart(found, smallest=smallest)
    return {name: name if name in apart else POOLED for name in found} if apart else {}


def participant_rows(accepted: Mapping[str, int]) -> dict[str, str]:
    """The row of the table of participants in which each group stands, one of which nobody has accepted too; empty
    where nothing stands apart."""
    apart = standing_apart(accepted)
    return {name: name if name in apart else POOLED for name in accepted} if apart else {}


def joined_voters(rows: Mapping[str, tuple[int, int]], *, smallest: int = FEWEST_PEOPLE) -> dict[str, str]:
    """The name under which the voters of each row of the table of participants are counted; empty where none is told.

    `rows` has (could answer, answered). The table beside it tells how many accepted: so whoever did not answer may be
    no one or two people either, in a row that stands apart or in all others together. A row stands apart only where
    the table of answers tells its number as well.
    """
    shown = dict(zip(rows, shown_answers(list(rows.values())), strict=True))
    apart = {name for name, answered in shown.items() if name != POOLED and answered is not None
             and answered >= smallest}
    rest = set(rows) - apart
    while apart and rest and not _stands(rows, rest, smallest):
        rest.add(min(apart, key=lambda name: (rows[name], name)))
        apart -= rest
    return {name: name if name in apart else POOLED for name in rows} if apart else {}


def leaves_silent_few(apart: Collection[str], silent: Mapping[str, int], *, has_rest: bool) -> bool:
    """Whether a table that counts the voters of some groups apart, and of all others as one where `has_rest`, would
    give one or two people away who did not answer; `silent` has them by group. Of a rest that the table does not name
    everybody is silent."""
    rest = sum(count for name, count in silent.items() if name not in apart)
    return leaves_few(rest, *(silent.get(name, 0) for name in apart)) or (rest > 0 and not has_rest)


def _stands(rows: Mapping[str, tuple[int, int]], names: Collection[str], smallest: int) -> bool:
    could, did = (sum(rows[name][place] for name in names) for place in (0, 1))
    return did >= smallest and is_part_told(did, could)
