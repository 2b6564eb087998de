"""Rankings with ties, counted pair by pair: how many people put one option above another."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from struct import unpack

# Rank by option, 1 for best. Equal ranks are a tie; options left out are unranked.
Ranking = Mapping[str, int]


@dataclass(frozen=True)
class Pairwise:
    """How many of `voters` put one option above another; the rest of them hold the two equal."""

    options: tuple[str, ...]
    voters: int
    above: Mapping[tuple[str, str], int]

    def beats(self, one: str, other: str) -> bool:
        """Whether more people put `one` above `other` than the other way round."""
        return self.above[one, other] > self.above[other, one]

    def equal(self, one: str, other: str) -> int:
        """How many people hold the two equal."""
        return self.voters - self.above[one, other] - self.above[other, one]

    def wins(self, option: str) -> int:
        """How many others it beats."""
        return sum(self.beats(option, other) for other in self.options if other != option)

    def ties(self, option: str) -> int:
        """With how many others it is level."""
        return sum(self.above[option, other] == self.above[other, option]
                   for other in self.options if other != option)

    @property
    def condorcet_winner(self) -> str | None:
        """The option that beats every other one, where there is one."""
        return next((one for one in self.options if self.wins(one) == len(self.options) - 1), None)

    def rows(self) -> tuple[tuple[int, ...], ...]:
        """The counts as a table in the order of the options, 0 on the diagonal."""
        return tuple(tuple(0 if one == other else self.above[one, other] for other in self.options)
                     for one in self.options)


def count_pairs(ballots: Sequence[Ranking], *, options: Sequence[str]) -> Pairwise:
    """The pairwise matrix of some rankings.

    Equal ranks stay equal, and all unranked options stand equal behind the last ranked one. Raises ValueError
    where a ballot ranks something that is not among the options, or an option is named twice. Source of the
    matrix and of unranked last: Schulze, "A new monotonic, clone-independent, reversal symmetric, and
    Condorcet-consistent single-winner election method", Social Choice and Welfare 36 (2011) 267-303.
    """
    names = tuple(options)
    if len(set(names)) != len(names):
        raise ValueError("an option is named twice")
    return pairs_of(alike(ballots), names)


def pairs_of(ways: Sequence[tuple[Ranking, int]], names: tuple[str, ...]) -> Pairwise:
    """The same of ballots that are sorted into `alike` already."""
    rows = _packed_rows(ways, names)
    above = {(one, other): count for one, row in zip(names, rows, strict=True)
             for other, count in zip(names, row, strict=True) if one != other}
    return Pairwise(options=names, voters=sum(count for _, count in ways), above=above)


def alike(ballots: Iterable[Ranking]) -> list[tuple[Ranking, int]]:
    """Each different ballot once, with how many gave it, in the order of their first: an electorate of eighty thousand
    is then counted as fast as the ways it voted."""
    # Files that say how many gave a ballot hold it once, as one object; others hold equal ones.
    kept = list(ballots)
    objects = {id(ballot): ballot for ballot in kept}
    ways: dict[frozenset[tuple[str, int]], tuple[Ranking, int]] = {}
    for place, count in Counter(map(id, kept)).items():
        ballot = objects[place]
        key = frozenset(ballot.items())
        ways[key] = (ways[key][0] if key in ways else ballot, count + (ways[key][1] if key in ways else 0))
    return list(ways.values())


def _packed_rows(ballots: Sequence[tuple[Ranking, int]], names: Sequence[str]) -> list[tuple[int, ...]]:
    """How many ballots put each option above each other one.

    All counters of an option lie side by side in one long number, four bytes each, so that a ballot adds to a
    hundred of them at once.
    """
    lanes = {name: 1 << (32 * place) for place, name in enumerate(names)}
    counters = dict.fromkeys(names, 0)
    for ballot, count in ballots:
        below = 0
        for tier in reversed(_tiers(complete(ballot, options=names))):
            for option in tier:
                counters[option] += below * count
            below += sum(lanes[option] for option in tier)
    return [unpack(f"<{len(names)}I", counters[name].to_bytes(4 * len(names), "little")) for name in names]


def _tiers(ranks: Mapping[str, int]) -> list[list[str]]:
    tiers: dict[int, list[str]] = {}
    for option, rank in ranks.items():
        tiers.setdefault(rank, []).append(option)
    return [tiers[rank] for rank in sorted(tiers)]


def complete(ballot: Ranking, *, options: Sequence[str]) -> dict[str, int]:
    """The ranking with every option in it, the unranked ones equal behind the last (Schulze 2011)."""
    unknown = sorted(set(ballot) - set(options))
    if unknown:
        raise ValueError(f"{', '.join(map(repr, unknown))} is not among the options")
    last = max(ballot.values(), default=0) + 1
    return {option: ballot.get(option, last) for option in options}


def describe_pair(pairs: Pairwise, one: str, other: str) -> str:
    """A plain readout: "Clay over Brick 58 to 42, 3 equal"."""
    equal = pairs.equal(one, other)
    rest = f", {equal} equal" if equal else ""
    return f"{one} over {other} {pairs.above[one, other]} to {pairs.above[other, one]}{rest}"
