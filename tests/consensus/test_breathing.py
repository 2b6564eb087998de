"""Long computations rest between pieces, and come to the same without."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product

import pytest

from sigforum.consensus.concordance import concordance
from sigforum.consensus.weight_leads import leads_over_weightings
from sigforum.consensus.weight_space import weight_space
from sigforum.kernel import breathing
from sigforum.kernel.breathing import breathe_by

SCORES = {"a": (3, 1, 2), "b": (2, 2.5, 2), "c": (1, 3, 2), "d": (3, 1, 2), "e": (1, 1, 1)}


@pytest.fixture
def rests() -> Iterator[list[int]]:
    """One entry for each rest."""
    taken: list[int] = []
    before = breathing._rests[-1]
    breathe_by(lambda: taken.append(1))
    yield taken
    breathe_by(before)


def test_counting_every_ranking_rests_between_pieces(rests: list[int]) -> None:
    assert concordance([(1, 2, 3, 4, 5, 6, 7), (2, 1, 3, 4, 5, 7, 6), (1, 1, 1, 1, 1, 1, 2)]).is_exact
    assert len(rests) > 5


def test_shuffling_and_weighing_rest_between_pieces(rests: list[int]) -> None:
    concordance([tuple(range(20))] * 4, most_counted=0)
    shuffles = len(rests)
    leads_over_weightings(SCORES, draws=2_000)
    assert shuffles > 500
    assert len(rests) > shuffles + 5


@pytest.mark.parametrize("rows", [
    [(1, 2, 2, 2, 2, 2), (2, 1, 2, 2, 2, 2), (2, 2, 2, 1, 1, 2)], [(1, 1, 2, 2, 3, 3), (3, 2, 1, 3, 2, 1)],
    [(1, 1, 1, 2), (1, 2, 1, 1), (1, 1, 2, 2), (2, 2, 2, 1)]])
def test_every_ranking_is_counted_once_where_ties_are_many(rows: list[tuple[int, ...]]) -> None:
    found = concordance(rows)
    first, *others = rows
    spread: Counter[float | None] = Counter(
        concordance([first, *given], permutations=0).w
        for given in product(*(set(permutations(row)) for row in others)))
    assert found.w is not None
    as_large = sum(count for w, count in spread.items() if w is not None and w >= found.w)
    assert found.p == float(Fraction(as_large, spread.total()))


@pytest.mark.parametrize("draws", [1, 7, 800])
def test_leads_are_those_of_the_whole_space(draws: int) -> None:
    whole, leads = weight_space(SCORES, draws=draws), leads_over_weightings(SCORES, draws=draws)
    assert dict(leads.shares) == {name: whole.leads(name) for name in SCORES}
    assert (leads.central, leads.error, leads.draws, leads.seed) == (
        whole.central, whole.error, whole.draws, whole.seed)
