"""Statements that tell one group from the rest: agreed or disagreed with more often inside it than outside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from sigforum.consensus.group_consensus import GroupVotes

MOST_STATEMENTS = 5
# One vote tells nothing of a group.
FEWEST_VOTERS = 2
# One-sided 90 %, as in the source.
SIGNIFICANT = NormalDist().inv_cdf(0.9)


@dataclass(frozen=True)
class Side:
    """One group's agreement, or disagreement, with one statement against everyone outside the group.

    `chance` is (count + 1) / (seen + 2), `chance_z` its z against a half; `ratio` is the chance inside over the chance
    outside, `ratio_z` the z of two proportions. All counts are raised by one, so that small groups claim less.
    """

    statement: str
    agrees: bool
    count: int
    seen: int
    chance: float
    chance_z: float
    ratio: float
    ratio_z: float

    @property
    def weight(self) -> float:
        """How representative it is: the product of all four."""
        return self.ratio * self.ratio_z * self.chance * self.chance_z


@dataclass(frozen=True)
class Representative:
    """A side chosen for a group; `is_best_agreed` marks what the group agrees on most, which comes first."""

    side: Side
    is_best_agreed: bool


def compare(statement: str, inside: GroupVotes, outside: GroupVotes) -> tuple[Side, Side]:
    """The group's agreement and disagreement with a statement, against the votes of all others.

    Source: Small et al., "Polis", Recerca 26 (2021), representativeness; the test is that of two proportions (Fleiss,
    Levin and Paik, "Statistical methods for rates and proportions" (2003), chapter 3) with one added to every count.
    """
    return (_side(statement, True, (inside.agree, inside.seen), (outside.agree, outside.seen)),
            _side(statement, False, (inside.disagree, inside.seen), (outside.disagree, outside.seen)))


def representative_statements(
    votes: Mapping[str, Mapping[str, GroupVotes]], *, most: int = MOST_STATEMENTS, excluded: Collection[str] = ()
) -> dict[str, tuple[Representative, ...]]:
    """By group, up to `most` statements that set it apart, agreed ones before disagreed ones.

    `votes` is by group and statement. Statements pass where a side is clear in itself and against the others, both z
    above 1.28, and the most representative are taken; what the group agrees on most goes with them. Where none passes,
    the clearest one that is likelier inside is given alone. Statements on which one of the group voted, or
    none, say nothing of it. Same source; with Polis's own groups it chooses what Polis chose.
    """
    groups = list(votes)
    statements = [statement for statement in (votes[groups[0]] if groups else ()) if statement not in excluded]
    found = {}
    for group in groups:
        pairs = [compare(statement, votes[group][statement],
                         _together([votes[other][statement] for other in groups if other != group]))
                 for statement in statements if votes[group][statement].seen >= FEWEST_VOTERS]
        found[group] = _chosen(pairs, most)
    return found


def describe_representative(chosen: Representative) -> str:
    """A plain readout: "6 of 6 agree, 2.6 times as likely as in the other groups"."""
    side = chosen.side
    return (f"{side.count} of {side.seen} {'agree' if side.agrees else 'disagree'}, {_likelier(side.ratio)} "
            "as outside the group")


def _likelier(ratio: float) -> str:
    """The ratio as words; one that one decimal would print as 1.0 though it is not has two."""
    text = f"{ratio:.1f}"
    if float(text) == 1 and ratio != 1:
        text = f"{ratio:.2f}"
    return f"{text} times as likely"


def _together(groups: Sequence[GroupVotes]) -> GroupVotes:
    return GroupVotes(sum(one.agree for one in groups), sum(one.disagree for one in groups),
                      sum(one.seen for one in groups))


def _side(statement: str, agrees: bool, inside: tuple[int, int], outside: tuple[int, int]) -> Side:
    (count, seen), (rest, others) = inside, outside
    chance = (count + 1) / (seen + 2)
    return Side(
        statement=statement, agrees=agrees, count=count, seen=seen, chance=chance,
        chance_z=2 * sqrt(seen + 1) * ((count + 1) / (seen + 1) - 0.5),
        ratio=chance / ((rest + 1) / (others + 2)), ratio_z=_two_proportions(count + 1, seen + 1, rest + 1, others + 1))


def _two_proportions(count: int, seen: int, rest: int, others: int) -> float:
    pooled = (count + rest) / (seen + others)
    # With one added to every count the pooled share can reach 1 and beyond, where there is nothing to tell apart.
    if pooled >= 1:
        return 0.0
    return (count / seen - rest / others) / sqrt(pooled * (1 - pooled) * (1 / seen + 1 / others))


def _passes(side: Side) -> bool:
    return side.chance_z > SIGNIFICANT and side.ratio_z > SIGNIFICANT


def _clearer(pair: tuple[Side, Side]) -> Side:
    agreeing, disagreeing = pair
    return agreeing if agreeing.ratio_z > disagreeing.ratio_z else disagreeing


def _of_best(pair: tuple[Side, Side]) -> Side:
    """The side of what a group agrees on most: that of the many, even where the few are further from the others."""
    agreeing, disagreeing = pair
    clearer = _clearer(pair)
    return agreeing if clearer is disagreeing and disagreeing.count < agreeing.count else clearer


def _says_something(side: Side) -> bool:
    return side.count > 0 and side.ratio > 1


def _chosen(pairs: Sequence[tuple[Side, Side]], most: int) -> tuple[Representative, ...]:
    best = _best_agreed(pairs)
    passing = sorted((_clearer(pair) for pair in pairs if any(map(_passes, pair))), key=lambda side: -side.weight)
    if best is not None:
        head = [Representative(_of_best(best), is_best_agreed=True)]
    elif passing:
        head = []
    else:
        clearest = max((side for pair in pairs for side in pair if _says_something(side)),
                       key=lambda side: side.ratio_z, default=None)
        head = [Representative(clearest, is_best_agreed=False)] if clearest else []
    taken = {one.side.statement for one in head}
    rest = [Representative(side, is_best_agreed=False) for side in passing if side.statement not in taken]
    return tuple(sorted([*head, *rest][:most], key=lambda one: not one.side.agrees))


def _best_agreed(pairs: Sequence[tuple[Side, Side]]) -> tuple[Side, Side] | None:
    """The statement a group agrees on most, by how sure it is once one has been found that stands out."""
    best: tuple[Side, Side] | None = None
    for pair in pairs:
        agreeing, disagreeing = pair
        if not agreeing.count and not disagreeing.count:
            continue
        if best is None:
            if agreeing.chance_z > SIGNIFICANT or (agreeing.ratio > 1 and agreeing.chance > 0.5):
                best = pair
        elif best[0].ratio > 1:
            best = pair if agreeing.weight > best[0].weight else best
        elif agreeing.chance * agreeing.chance_z > best[0].chance * best[0].chance_z:
            best = pair
    return best
