"""Reachability: a closure that grows edge by edge says the same as walking the graph."""

from hypothesis import given
from hypothesis import strategies as st

from sigforum.consensus.reachability import Reachability

SIZE = 7
EDGES = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda edge: edge[0] != edge[1]))


def walked(edges: list[tuple[int, int]], start: int) -> set[int]:
    reached: set[int] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for one, other in edges:
            if one == here and other not in reached:
                reached.add(other)
                waiting.append(other)
    return reached


@given(edges=EDGES)
def test_reached_is_what_a_walk_reaches(edges: list[tuple[int, int]]) -> None:
    found = Reachability(SIZE)
    told = [pair for edge in edges for pair in found.add(*edge)]
    for start in range(SIZE):
        assert {end for end in range(SIZE) if found.reaches(start, end)} == walked(edges, start)
    assert len(told) == len(set(told)), "every pair is told once"
    assert set(told) == {(start, end) for start in range(SIZE) for end in walked(edges, start)}


def test_extending_leaves_the_first_as_it_was() -> None:
    line = Reachability(3).extended([(0, 1)])
    circle = line.extended([(1, 0), (1, 2)])
    assert (line.reaches(0, 1), line.reaches(1, 0), line.reaches(0, 2)) == (True, False, False)
    assert (circle.reaches(0, 0), circle.reaches(0, 2), circle.reaches(2, 0)) == (True, True, False)
