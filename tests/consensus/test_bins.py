"""Bins for estimates: round edges, nobody lost."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigforum.consensus.bins import MOST_BINS, Bin, binned

NUMBERS = st.lists(st.decimals(-10**9, 10**9, places=2).map(Fraction), min_size=1, max_size=40)


@pytest.mark.parametrize(("numbers", "expected"), [
    ([], ()),
    ([7, 7, 7], (Bin(7, 7, 3),)),
    ([0, 3, 4, 7, 8], (Bin(0, 1, 1), Bin(1, 2, 0), Bin(2, 3, 0), Bin(3, 4, 1), Bin(4, 5, 1), Bin(5, 6, 0), Bin(6, 7, 0),
                       Bin(7, 8, 2))),
    ([12, 14, 21, 60], (Bin(10, 20, 2), Bin(20, 30, 1), Bin(30, 40, 0), Bin(40, 50, 0), Bin(50, 60, 1))),
    ([-3, 5], (Bin(-3, -2, 1), *(Bin(low, low + 1, 0) for low in range(-2, 4)), Bin(4, 5, 1))),
])
def test_bins_have_round_edges(numbers: list[int], expected: tuple[Bin, ...]) -> None:
    assert binned([Fraction(number) for number in numbers]) == expected


def test_tenths_fall_on_the_right_side_of_an_edge() -> None:
    found = binned([Fraction(number, 10) for number in range(9)])
    assert [one.count for one in found] == [1] * 7 + [2]
    assert [one.low for one in found] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


@given(numbers=NUMBERS)
def test_every_number_is_in_one_bin(numbers: list[Fraction]) -> None:
    found = binned(numbers)
    assert sum(one.count for one in found) == len(numbers)
    assert 1 <= len(found) <= MOST_BINS
    assert found[0].low <= float(min(numbers))
    assert found[-1].high >= float(max(numbers))
    assert found[0].count
    assert found[-1].count
    assert binned(numbers[::-1]) == found
