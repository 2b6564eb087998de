"""A reader who adds and subtracts: what follows from published sums about any other sum, exactly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

Vector = dict[int, Fraction]


@dataclass
class Reader:
    """Knows sums over people of a kind, each a set of kinds and a number; and what follows from them."""

    kinds: list[tuple[object, ...]]
    told: list[tuple[frozenset[int], int]] = field(default_factory=list)

    def learns(self, what: Iterable[tuple[object, ...]], number: int) -> None:
        """A published number: how many people are of these kinds."""
        places = {kind: place for place, kind in enumerate(self.kinds)}
        self.told.append((frozenset(places[kind] for kind in what), number))

    def can_tell(self, wanted: Iterable[Iterable[tuple[object, ...]]]) -> list[bool]:
        """Of each set of kinds whether its number follows by adding and subtracting what was published. Of a sum that
        is nothing every part is nothing."""
        empty = {place for places, number in self.told if number == 0 for place in places}
        rows = _reduced({place: Fraction(1) for place in places - empty} for places, _ in self.told)
        places = {kind: place for place, kind in enumerate(self.kinds)}
        return [not _left({places[kind]: Fraction(1) for kind in kinds if places[kind] not in empty}, rows)
                for kinds in wanted]


def _reduced(vectors: Iterable[Vector]) -> dict[int, Vector]:
    """A basis in which every vector begins at a place of its own, by that place."""
    rows: dict[int, Vector] = {}
    for vector in vectors:
        left = _left(vector, rows)
        if left:
            first = min(left)
            rows[first] = {place: value / left[first] for place, value in left.items()}
    return rows


def _left(vector: Vector, rows: Mapping[int, Vector]) -> Vector:
    """What of a vector the basis does not explain."""
    left = dict(vector)
    while found := [place for place in left if place in rows]:
        first = min(found)
        factor = left[first]
        for place, value in rows[first].items():
            left[place] = left.get(place, Fraction(0)) - factor * value
            if not left[place]:
                del left[place]
    return left
