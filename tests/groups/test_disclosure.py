"""What is held back cannot be worked out: every table that a reader could think of is tried."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigforum.disclosure_control.counts_by_group import Shown, band, protected
from sigforum.disclosure_control.joining import POOLED, joined_groups


@pytest.mark.parametrize(("sizes", "names"), [
    ({"A": 5, "B": 3}, {"A": "A", "B": "B"}),
    ({"A": 5, "B": 3, "C": 2, "": 1}, {"A": "A", "B": "B", "C": POOLED, "": POOLED}),
    # Two are too few even together, so the smallest large group joins them.
    ({"A": 5, "B": 3, "C": 2}, {"A": "A", "B": POOLED, "C": POOLED}),
    ({"A": 4, "B": 1}, {}),
    ({"A": 2, "B": 2}, {}),
    ({"": 9}, {}),
    ({}, {}),
])
def test_small_groups_are_joined_until_none_can_be_subtracted(sizes: dict[str, int], names: dict[str, str]) -> None:
    assert joined_groups(sizes) == names


@pytest.mark.parametrize(("count", "people", "shown"), [
    (4, 9, Shown.EXACT), (2, 9, Shown.FEW), (0, 9, Shown.FEW), (7, 9, Shown.NEARLY_ALL), (9, 9, Shown.NEARLY_ALL),
    (3, 6, Shown.EXACT), (2, 5, Shown.MINORITY), (3, 5, Shown.MAJORITY), (2, 4, Shown.MAJORITY)])
def test_count_is_told_by_the_finest_words_that_fit(count: int, people: int, shown: Shown) -> None:
    # Two more groups with words of their own, so that the sum tells no one count.
    counts = {("a", "x"): count, ("b", "x"): 1, ("c", "x"): 1}
    told = protected(counts, {"a": people, "b": 8, "c": 8})
    assert told["a", "x"] is shown
    low, high = band(shown, people)
    assert shown is Shown.EXACT or low <= count <= high


def test_one_count_held_back_takes_the_line_with_it() -> None:
    counts, sizes = {("a", "x"): 4, ("b", "x"): 5, ("c", "x"): 1}, {"a": 8, "b": 9, "c": 9}
    assert set(protected(counts, sizes).values()) == {Shown.MINORITY, Shown.MAJORITY}
    # With nobody at all there is no way to word it that the sum would not spell out.
    assert set(protected(dict.fromkeys(counts, 0), sizes).values()) == {Shown.HIDDEN}


TABLES = st.lists(st.integers(3, 7), min_size=2, max_size=4).flatmap(
    lambda sizes: st.tuples(st.just(sizes), st.tuples(*(st.integers(0, size) for size in sizes)),
                            st.tuples(*(st.integers(0, size) for size in sizes)), st.booleans()))


@settings(deadline=None, max_examples=150)
@given(table=TABLES)
def test_every_count_held_back_could_be_another_one(table) -> None:
    numbers, first, second, adds_up = table
    sizes = {f"g{place}": size for place, size in enumerate(numbers)}
    counts = {(group, "x"): count for group, count in zip(sizes, first, strict=True)}
    if adds_up:
        counts |= {(group, "y"): min(count, sizes[group] - counts[group, "x"])
                   for group, count in zip(sizes, second, strict=True)}
    told = protected(counts, sizes, adds_up=adds_up)
    held = {place for place, shown in told.items() if shown is not Shown.EXACT}
    assert all(shown is not Shown.EXACT or 3 <= counts[place] <= sizes[place[0]] - 3 for place, shown in told.items())
    if all(told[place] is Shown.HIDDEN for place in told):
        return
    possible = possible_counts(told, counts, sizes, adds_up=adds_up)
    assert all(len(possible[place]) > 1 for place in held), (counts, told)


def possible_counts(told, counts, sizes, *, adds_up):
    """By brute force, every count that fits what is printed: words, sizes, and the sums of the lines."""
    places = list(told)
    ranges = [range(counts[place], counts[place] + 1) if told[place] is Shown.EXACT
              else range(band(told[place], sizes[place[0]])[0], band(told[place], sizes[place[0]])[1] + 1)
              for place in places]
    lines = {line for _, line in places}
    sums = {line: sum(counts[place] for place in places if place[1] == line) for line in lines}
    found = defaultdict(set)
    for numbers in product(*ranges):
        table = dict(zip(places, numbers, strict=True))
        if any(sum(table[group, line] for group in sizes) != sums[line] for line in lines):
            continue
        if adds_up and any(sum(table[group, line] for line in lines) > sizes[group] for group in sizes):
            continue
        for place, number in table.items():
            found[place].add(number)
    return found
