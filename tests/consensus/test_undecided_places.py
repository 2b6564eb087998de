"""Which places of a ranking the votes do not decide: checked against the definition, whatever places the two have."""

import random
from collections.abc import Sequence
from itertools import combinations

from sigforum.consensus.pairwise import Pairwise, count_pairs
from sigforum.consensus.schulze import schulze_order
from sigforum.consensus.tiers import shared_ranks

OPTIONS = ("a", "b", "c", "d", "e")


def strengths(pairs: Pairwise) -> dict[tuple[str, str], int]:
    """The strongest path between each two options by the definition: over every third option in turn."""
    found = {(one, other): pairs.above[one, other] if pairs.beats(one, other) else 0
             for one in OPTIONS for other in OPTIONS if one != other}
    for between in OPTIONS:
        for one in OPTIONS:
            for other in OPTIONS:
                if len({between, one, other}) == 3:
                    found[one, other] = max(found[one, other], min(found[one, between], found[between, other]))
    return found


def ballots(chance: random.Random) -> Sequence[dict[str, int]]:
    """A few ballots, with ties and options left out."""
    return [{option: chance.randrange(1, 5) for option in OPTIONS if chance.random() < 0.8}
            for _ in range(chance.randrange(1, 7))]


def test_undecided_pairs_are_those_of_which_neither_beats_the_other() -> None:
    apart = set()
    for seed in range(400):
        pairs = count_pairs(ballots(random.Random(seed)), options=OPTIONS)
        order, strength = schulze_order(pairs), strengths(pairs)
        ranks = shared_ranks(order.tiers)
        level = {frozenset(pair) for pair in combinations(OPTIONS, 2)
                 if strength[pair] == strength[pair[::-1]] and ranks[pair[0]] != ranks[pair[1]]}
        assert {frozenset(pair) for pair in order.undecided} == level, seed
        for upper, lower in order.undecided:
            assert ranks[upper] < ranks[lower]
            apart.add(sum(ranks[upper] < rank < ranks[lower] for rank in set(ranks.values())))
        # What beats another stands above it: only a pair that is named could as well stand the other way round.
        for one, other in combinations(OPTIONS, 2):
            if strength[one, other] > strength[other, one]:
                assert ranks[one] < ranks[other]
    assert max(apart) >= 1, "places between them were among those tried"
