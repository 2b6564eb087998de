"""Which options lie below which, kept whole while duels are added one by one."""

from collections.abc import Iterable, Iterator


class Reachability:
    """The transitive closure of a growing graph; options are numbered from 0, each row is a set of bits.

    Adding an edge costs nothing where the path is there already, and otherwise one look at every row, so that a
    hundred options are ordered within milliseconds. Source: Italiano, "Amortized efficiency of a path retrieval
    data structure", Theoretical Computer Science 48 (1986) 273-281.
    """

    def __init__(self, size: int) -> None:
        """Nothing is reached yet."""
        self._rows = [0] * size

    @property
    def rows(self) -> tuple[int, ...]:
        """All that is reached, to compare two graphs by."""
        return tuple(self._rows)

    def reaches(self, start: int, end: int) -> bool:
        """Whether a path of added edges leads from one to the other; an option reaches itself on a circle only."""
        return bool(self._rows[start] >> end & 1)

    def add(self, start: int, end: int) -> list[tuple[int, int]]:
        """Add an edge; the pairs that are reached by it and were not before."""
        if self.reaches(start, end):
            return []
        beyond = self._rows[end] | 1 << end
        found: list[tuple[int, int]] = []
        for one, row in enumerate(self._rows):
            if (one == start or row >> start & 1) and beyond & ~row:
                found += [(one, other) for other in _bits(beyond & ~row)]
                self._rows[one] = row | beyond
        return found

    def extended(self, edges: Iterable[tuple[int, int]]) -> "Reachability":
        """The same with more edges, leaving this one as it is."""
        copy = Reachability(0)
        copy._rows = list(self._rows)
        for start, end in edges:
            copy.add(start, end)
        return copy


def _bits(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
