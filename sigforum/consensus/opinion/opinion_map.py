"""The map of opinion groups as plain numbers: points, outlines and labels for a picture with a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

Place = tuple[float, float]

WIDTH, HEIGHT, MARGIN = 320, 240, 14
# An outline around fewer people would show single votes.
SMALLEST_OUTLINE = 3


@dataclass(frozen=True)
class MapPoint:
    """One person's dot, nameless; `group` is None for those who voted too little to be grouped."""

    x: float
    y: float
    group: str | None


@dataclass(frozen=True)
class MapGroup:
    """One group: its outline as corners in order, where its letter stands, and its people for the table."""

    name: str
    people: int
    outline: tuple[Place, ...]
    label: Place


@dataclass(frozen=True)
class OpinionMap:
    """A picture of `width` by `height` units, y downwards as SVG counts it."""

    width: int
    height: int
    points: tuple[MapPoint, ...]
    groups: tuple[MapGroup, ...]

    @property
    def words(self) -> str:
        """What the picture shows, for people who cannot see it; the numbers stand in the table."""
        groups = ", ".join(f"group {group.name} {group.people} people" for group in self.groups)
        return (f"Map of {len(self.points)} people, those who voted alike near each other: "
                f"{groups or 'no groups'}. The axes have no meaning of their own.")


def opinion_map(places: Sequence[Place], groups: Sequence[str | None], *, width: int = WIDTH, height: int = HEIGHT
                ) -> OpinionMap:
    """The map of people's places on the two components; `groups` names each one's group.

    Both axes have one scale, so that distances can be compared. Dots are rounded to a tenth of a unit and put in the
    order of their places, so that they tell nothing about who came first. Raises ValueError for different lengths.
    Source of the outlines: Andrew, "Another efficient algorithm for convex hulls in two dimensions", Information
    Processing Letters 9 (1979) 216-219.
    """
    fitted = _fitted(places, width, height)
    pairs = sorted(zip(fitted, groups, strict=True), key=lambda pair: (pair[0], pair[1] or ""))
    names = sorted({group for group in groups if group is not None})
    return OpinionMap(width=width, height=height, points=tuple(MapPoint(*place, group) for place, group in pairs),
                      groups=tuple(_group(name, [place for place, group in pairs if group == name]) for name in names))


def _group(name: str, places: Sequence[Place]) -> MapGroup:
    middle = (round(sum(x for x, _ in places) / len(places), 1), round(sum(y for _, y in places) / len(places), 1))
    outline = convex_outline(places) if len(places) >= SMALLEST_OUTLINE else ()
    return MapGroup(name=name, people=len(places), outline=outline, label=middle)


def convex_outline(places: Sequence[Place]) -> tuple[Place, ...]:
    """The corners of the smallest convex shape around some places, in order; one or two places are their own."""
    corners = sorted(set(places))
    if len(corners) < SMALLEST_OUTLINE:
        return tuple(corners)
    return (*_chain(corners), *_chain(corners[::-1]))


def _chain(places: Sequence[Place]) -> list[Place]:
    chain: list[Place] = []
    for place in places:
        while len(chain) >= 2 and _turn(chain[-2], chain[-1], place) <= 0:
            chain.pop()
        chain.append(place)
    # The last corner is the first one of the other chain.
    return chain[:-1]


def _turn(first: Place, second: Place, third: Place) -> float:
    return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (third[0] - first[0])


def _fitted(places: Sequence[Place], width: int, height: int) -> list[Place]:
    if not places:
        return []
    xs, ys = zip(*places, strict=True)
    left, low = min(xs), min(ys)
    wide, high = max(xs) - left, max(ys) - low
    scales = [(size - 2 * MARGIN) / length for size, length in ((width, wide), (height, high)) if length]
    scale = min(scales, default=0.0)
    # Measured from the corner, so that places that hardly differ do not leave the frame by rounding.
    aside, below = (width - wide * scale) / 2, (height - high * scale) / 2
    return [(round(aside + (x - left) * scale, 1), round(height - below - (y - low) * scale, 1)) for x, y in places]
