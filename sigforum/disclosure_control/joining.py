"""Which groups are told of apart, and which stand together: the one rule for every table by group."""

from collections.abc import Mapping

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
