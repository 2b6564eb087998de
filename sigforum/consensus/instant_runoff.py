"""Instant run-off: the option with the fewest first places goes, round by round, and ties are followed both ways."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sigforum.consensus.pairwise import Ranking, alike
from sigforum.consensus.percentiles import number_text
from sigforum.kernel.words import named

# Each subset of options that a tie can lead to is counted once; this many are enough for any real vote.
MOST_BRANCHES = 4096


@dataclass(frozen=True)
class RunoffRound:
    """First places among the options still in; `tied_last` names them all where more than one could go."""

    tally: Mapping[str, Fraction]
    exhausted: int
    removed: tuple[str, ...]
    tied_last: tuple[str, ...]


@dataclass(frozen=True)
class InstantRunoff:
    """`winners` are those that win for some way of taking each tie: more than one means a tie.

    The rounds show one of these ways, the one in which the first tied option in the order of the ballot goes.
    """

    winners: tuple[str, ...]
    rounds: tuple[RunoffRound, ...]

    @property
    def has_tie(self) -> bool:
        """Whether a tie at the bottom came up in the rounds shown, even if it changed no winner."""
        return any(one.tied_last for one in self.rounds)


def instant_runoff(ballots: Sequence[Ranking], *, options: Sequence[str]) -> InstantRunoff:
    """The winner by eliminating the option with the fewest first places until one is left.

    A ballot with several options on its best rank is split equally among them; one with no ranked option left
    counts as exhausted. Options with no first places at all go together, which changes no other count. Raises
    ValueError for no options, or where ties branch too often to follow them all. Source: Robert's Rules of
    Order (preferential voting); following every tie: Conitzer, Rognlie and Xia, "Preference functions that
    score rankings and maximum likelihood estimation", IJCAI (2009), "parallel universes".
    """
    return runoff_of(alike(ballots), options)


def runoff_of(ways: Sequence[tuple[Ranking, int]], options: Sequence[str]) -> InstantRunoff:
    """The same of ballots that are sorted into `alike` already (same errors)."""
    if not options:
        raise ValueError("an election needs at least one option")
    counted_from = _tiered(ways)
    rounds: dict[frozenset[str], RunoffRound] = {}

    def round_of(remaining: frozenset[str]) -> RunoffRound:
        if remaining not in rounds:
            rounds[remaining] = _round(counted_from, [option for option in options if option in remaining])
        return rounds[remaining]

    winners: set[str] = set()
    seen = {frozenset(options)}
    waiting = [frozenset(options)]
    while waiting:
        remaining = waiting.pop()
        if len(remaining) == 1:
            winners |= remaining
            continue
        counted = round_of(remaining)
        for removed in ([[one] for one in counted.tied_last] or [list(counted.removed)]):
            following = remaining - set(removed)
            if following not in seen:
                seen.add(following)
                waiting.append(following)
        if len(seen) > MOST_BRANCHES:
            raise ValueError("too many ties to follow them all")
    return InstantRunoff(
        winners=tuple(option for option in options if option in winners), rounds=_shown_rounds(options, round_of))


def describe_runoff(found: InstantRunoff) -> str:
    """A plain readout: "Clay wins in 3 rounds", or who could win, and where a tie came up."""
    count = len(found.rounds)
    text = (f"{named(found.winners[0])} wins in {count} round{'' if count == 1 else 's'}" if len(found.winners) == 1
            else f"a tie: {' or '.join(map(named, found.winners))}, by which of the tied options goes first")
    for number, one in enumerate(found.rounds, start=1):
        if one.tied_last:
            votes = number_text(one.tally[one.tied_last[0]])
            text += f"; in round {number} {' = '.join(map(named, one.tied_last))} are last with {votes} each"
    return text


def _shown_rounds(options: Sequence[str], round_of: Callable[[frozenset[str]], RunoffRound]
                  ) -> tuple[RunoffRound, ...]:
    remaining, rounds = list(options), []
    while len(remaining) > 1:
        counted = round_of(frozenset(remaining))
        rounds.append(counted)
        remaining = [option for option in remaining if option not in counted.removed]
    return tuple(rounds)


def _tiered(ways: Sequence[tuple[Ranking, int]]) -> list[tuple[list[list[str]], int]]:
    """Each different ballot as its tiers, best first, with how many gave it."""
    found = []
    for ballot, count in ways:
        tiers: dict[int, list[str]] = {}
        for option, rank in ballot.items():
            tiers.setdefault(rank, []).append(option)
        found.append(([tiers[rank] for rank in sorted(tiers)], count))
    return found


def _round(ballots: Sequence[tuple[list[list[str]], int]], remaining: Sequence[str]) -> RunoffRound:
    still_in, firsts, exhausted = set(remaining), Counter[tuple[str, ...]](), 0
    for tiers, count in ballots:
        first = next((best for tier in tiers if (best := tuple(one for one in tier if one in still_in))), None)
        if first is None:
            exhausted += count
        else:
            firsts[first] += count
    tally = dict.fromkeys(remaining, Fraction(0))
    for first, count in firsts.items():
        for option in first:
            tally[option] += Fraction(count, len(first))
    fewest = min(tally.values())
    last = tuple(option for option in remaining if tally[option] == fewest)
    if fewest == 0 and len(last) < len(remaining):
        return RunoffRound(tally=tally, exhausted=exhausted, removed=last, tied_last=())
    return RunoffRound(tally=tally, exhausted=exhausted, removed=last[:1], tied_last=last if len(last) > 1 else ())
