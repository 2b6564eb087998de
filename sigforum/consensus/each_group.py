"""A condition asked of each stakeholder group: it holds where it holds in every one of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sigforum.consensus.counted_panel import CountedPanel
from sigforum.consensus.proportions import AS_IF
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule_fields import FieldKind, RuleField
from sigforum.consensus.verdicts import Finding, VerdictWord

EACH_GROUP = RuleField(
    "each_group", "Ask the condition of each stakeholder group as well (groups of five or more; smaller ones together)",
    FieldKind.BOOLEAN, False)
EACH_GROUP_WORDS = " The condition has to hold in each stakeholder group as well."

# Whether the condition of a side holds among some ratings.
Holds = Callable[[CountedPanel], bool]


@dataclass(frozen=True)
class Mark:
    """Whether one group meets the condition for, and the one against."""

    group: str
    meets_for: bool
    meets_against: bool


def marks(panel: RatingPanel, *, holds_for: Holds, holds_against: Holds) -> tuple[Mark, ...]:
    """Every group of a panel with what it meets; a panel that knows no groups is one group, and has none to name."""
    return tuple(Mark(name, holds_for(own), holds_against(own)) for name, own in group_panels(panel))


def group_panels(panel: RatingPanel) -> Iterator[tuple[str, CountedPanel]]:
    """The ratings of each group, of those of it who rated."""
    for name, ratings in panel.groups:
        yield name, RatingPanel(tuple(ratings), scale_min=panel.scale_min, scale_max=panel.scale_max,
                                entitled=len(ratings), invited=len(ratings)).counted


def asked_of_groups(finding: Finding, found: tuple[Mark, ...], *, is_before_note: bool = False) -> Finding:
    """The finding of the whole panel, kept where every group meets the condition of its side, else no consensus."""
    if not found:
        return finding
    sides = {VerdictWord.CONSENSUS_FOR: "meets_for", VerdictWord.CONSENSUS_AGAINST: "meets_against"}
    side = sides.get(finding.word)
    figures = {**finding.figures, "groups_met": [[one.group, one.meets_for, one.meets_against] for one in found]}
    if side is None:
        return replace(finding, figures=figures)
    missing = [one.group for one in found if not getattr(one, side)]
    if not missing:
        return replace(finding, figures=figures, because=_with(
            finding.because, f"So it is in each of {len(found)} stakeholder groups: "
                             f"{listed([one.group for one in found])}.", is_before_note))
    return Finding(VerdictWord.NO_CONSENSUS, _with(
        finding.because, "But it is not so in each stakeholder group: the condition does not hold among "
                         f"{listed(missing)}.", is_before_note), figures)


def _with(because: str, groups: str, is_before_note: bool) -> str:
    # "So it is" speaks of the shares, and so stands before the note on their intervals.
    note = f" {AS_IF}"
    if is_before_note and because.endswith(note):
        return f"{because.removesuffix(note)} {groups}{note}"
    return f"{because} {groups}"


def listed(names: list[str]) -> str:
    """Names with commas and an "and"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def each_without_one(panel: RatingPanel) -> Iterator[RatingPanel]:
    """The panels without one person, who rated so and is of that group, once for each rating of each group.

    People of one group who rated alike are interchangeable; whoever is in no group that is named stands for nobody.
    """
    for place, (name, ratings) in enumerate(panel.groups):
        for rating in sorted(set(ratings)):
            left = list(ratings)
            left.remove(rating)
            whole = list(panel.ratings)
            whole.remove(rating)
            yield replace(panel, ratings=tuple(whole), entitled=panel.entitled - 1, invited=panel.invited - 1,
                          groups=(*panel.groups[:place], (name, tuple(left)), *panel.groups[place + 1:]))
