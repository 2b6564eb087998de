"""The cross-tabulation of a round by declared stakeholder group, from who answered what."""

from collections.abc import Mapping, Sequence
from math import prod

from sigforum.ballots.domain import ABSTAIN_PLACE, OUTSIDE_PLACE, Answer, Paper, PaperOption, Secrecy, Terms
from sigforum.ballots.registry import kind_named
from sigforum.consensus.percentiles import median
from sigforum.consensus.scale import Scale
from sigforum.disclosure_control.counts_by_group import Shown, band, protected
from sigforum.disclosure_control.joining import POOLED, joined_groups, joined_voters
from sigforum.disclosure_control.parts import leaves_few
from sigforum.disclosure_control.thresholds import FEWEST_FOR_MEDIAN
from sigforum.groups.answering import Answering
from sigforum.groups.domain import (
    SILENT_FEW,
    SMALLEST_CHATHAM_GROUP,
    SMALLEST_GROUP,
    DeclaredGroups,
    GroupCell,
    GroupLine,
)

# What is counted on each line, by kind of poll.
COUNTED = {"agree": "agree", "approval": "approve", "single": "choose it", "rating": "rate it {from_} or more"}
Places = Mapping[str, int | float | str]


def declared_groups(answers: Mapping[int, Answer], terms: Terms, paper: Paper, *, groups: Mapping[int, str],
                    attribution: str, answering: Answering) -> DeclaredGroups | None:
    """Every option by stakeholder group, None for a kind that has no such table.

    `answers` and `groups` are by person. Everybody who voted in the round counts in their group's size; a share is of
    those who said something about the line, as the rules count it. `answering` says of whom else it could have been
    said: where a vote hides who took part in it, the size must not tell who did not.
    """
    if terms.kind not in COUNTED:
        return None
    is_chatham = attribution == "chatham"
    smallest = SMALLEST_CHATHAM_GROUP if is_chatham else SMALLEST_GROUP
    voters: dict[str, int] = {}
    for person_id in answers:
        name = groups.get(person_id, "")
        voters[name] = voters.get(name, 0) + 1
    names = joined_groups(voters, smallest=smallest)
    if len(set(names.values())) < 2:
        return DeclaredGroups(refused=f"No two groups of {smallest} or more voted, so that nothing is told by group.")
    if terms.secrecy != Secrecy.OPEN:
        told_rows = joined_voters(answering.by_row(), smallest=smallest)
        names = {name: told_rows.get(answering.row_of.get(name, ""), POOLED) for name in voters}
        if len(set(names.values())) < 2:
            return DeclaredGroups(refused=SILENT_FEW)
    group_of = {person_id: names[groups.get(person_id, "")] for person_id in answers}
    kind = kind_named(terms.kind)
    places = {person_id: kind.positions(answer, paper) for person_id, answer in answers.items()}
    told_as = sorted(set(names.values()), key=lambda name: (name == POOLED, name))
    sizes = {name: sum(one == name for one in group_of.values()) for name in told_as}
    counts = {(name, option.key): sum(group_of[person_id] == name and _counts(place, option, terms)
                                      for person_id, place in places.items())
              for option in paper.options for name in sizes}
    said = {(name, option.key): sum(group_of[person_id] == name and _says(place, option, terms)
                                    for person_id, place in places.items())
            for option in paper.options for name in sizes}
    told: dict[tuple[str, str], Shown] = {}
    for part in _parts(paper, terms):
        told |= _told(part, counts, said, sizes, smallest=smallest, adds_up=terms.kind == "single")
    lines = [_line(option, counts, sizes, said, told,
                   {} if is_chatham else _medians(option, places, group_of, terms)) for option in paper.options]
    return DeclaredGroups(counted=_words(terms), lines=tuple(lines))


def _parts(paper: Paper, terms: Terms) -> list[tuple[str, ...]]:
    """Lines that are told together, because those who answer one answer all of them; else each by itself."""
    return [paper.keys] if terms.kind == "single" else [(key,) for key in paper.keys]


def _told(keys: Sequence[str], counts: Mapping[tuple[str, str], int], said: Mapping[tuple[str, str], int],
          sizes: Mapping[str, int], *, smallest: int, adds_up: bool) -> dict[tuple[str, str], Shown]:
    """How the counts on some lines are told, of those of each group who said something about them.

    Whoever abstains or stands outside their expertise is in no share. Where that is one or two of a group, the size of
    what is left would speak of them, so halves alone are told, of a size that is not; where it leaves fewer of a group
    than are told of, nothing is.
    """
    cells = {(name, key): counts[name, key] for key in keys for name in sizes}
    left = {name: said[name, keys[0]] for name in sizes}
    if any(left[name] < min(smallest, size) for name, size in sizes.items()):
        return dict.fromkeys(cells, Shown.HIDDEN)
    return protected(cells, left, adds_up=adds_up, is_coarse=_has_few_beside(left, sizes))


def _has_few_beside(left: Mapping[str, int], sizes: Mapping[str, int]) -> bool:
    return leaves_few(*(size - left[name] for name, size in sizes.items()))


def _words(terms: Terms) -> str:
    return COUNTED[terms.kind].format(from_=_scale(terms).upper_third_from if terms.kind == "rating" else "")


def _scale(terms: Terms) -> Scale:
    return Scale(terms.settings["scale_min"], terms.settings["scale_max"])


def _counts(places: Places, option: PaperOption, terms: Terms) -> bool:
    if terms.kind == "single":
        return places.get("") == option.key
    place = places.get(option.key)
    if terms.kind == "rating":
        return isinstance(place, int) and place >= _scale(terms).upper_third_from
    return place == {"agree": "agree", "approval": "chosen"}[terms.kind]


def _says(places: Places, option: PaperOption, terms: Terms) -> bool:
    """Whether somebody said something about a line: neither abstained nor outside their expertise."""
    place = places.get("" if terms.kind == "single" else option.key)
    return place is not None and place not in (ABSTAIN_PLACE, OUTSIDE_PLACE)


def _line(option: PaperOption, counts: Mapping[tuple[str, str], int], sizes: Mapping[str, int],
          said: Mapping[tuple[str, str], int], told: Mapping[tuple[str, str], Shown], medians: Mapping[str, float]
          ) -> GroupLine:
    cells = []
    left = {name: said[name, option.key] for name in sizes}
    has_few = _has_few_beside(left, sizes)
    for name, people in sizes.items():
        shown = told[name, option.key]
        cells.append(GroupCell(group=name, people=people, shown=shown, median=medians.get(name),
                               of=None if shown is Shown.HIDDEN or left == sizes else 0 if has_few else left[name],
                               count=counts[name, option.key] if shown is Shown.EXACT else None))
    return GroupLine(key=option.key, text=option.text, cells=tuple(cells), people=sum(sizes.values()),
                     count=sum(counts[name, option.key] for name in sizes), shared=_shared(cells))


def _shared(cells: Sequence[GroupCell]) -> float | None:
    """The product over groups of (count + 1)/(people + 2), a count that is held back taken as the middle of what its
    words can stand for: from what is printed alone, so that it gives nothing away. Source: Small et al., Recerca 26
    (2021), as in `consensus/group_consensus.py`."""
    if any(cell.shown is Shown.HIDDEN for cell in cells):
        return None
    middles = [cell.count if cell.count is not None else sum(band(cell.shown, cell.total)) / 2 for cell in cells]
    return prod((middle + 1) / (cell.total + 2) for middle, cell in zip(middles, cells, strict=True))


def _medians(option: PaperOption, places: Mapping[int, Places], group_of: Mapping[int, str], terms: Terms
             ) -> dict[str, float]:
    if terms.kind != "rating":
        return {}
    by_group: dict[str, list[int]] = {}
    for person_id, place in places.items():
        rating = place.get(option.key)
        if isinstance(rating, int):
            by_group.setdefault(group_of[person_id], []).append(rating)
    return {name: median(ratings) for name, ratings in by_group.items() if len(ratings) >= FEWEST_FOR_MEDIAN}
