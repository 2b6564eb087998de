"""Who moved between two rounds, as counts: nothing here says which person it was."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

# A person's place on one option: a number where places are ordered, a word where they are not.
Place = int | float | str
Places = Mapping[str, Place]


@dataclass(frozen=True, kw_only=True)
class Movement:
    """What became of one option from the earlier round to the later.

    `stayed` and `moved` are people who have a place in both rounds. `up` and `down` are those of `moved` whose
    number grew or shrank; a move from or to a word is neither. `joined` have a place in the later round only, `left`
    in the earlier only. `transitions` are (from, to, people), for those with a place in both rounds, numbers first
    and rising, then words from a to z.
    """

    stayed: int
    moved: int
    up: int
    down: int
    joined: int
    left: int
    transitions: tuple[tuple[Place, Place, int], ...]

    @property
    def both(self) -> int:
        """How many have a place in both rounds: the N of `stayed` and `moved`."""
        return self.stayed + self.moved


def movements(earlier: Mapping[int, Places], later: Mapping[int, Places]) -> dict[str, Movement]:
    """Who moved, by option key: `earlier` and `later` map a person's number to their places by option key.

    The options are those that somebody placed in either round, by key; neither the order of people nor that of
    options matters. Counts alone, without a test: that few moved does not show that a group has settled.
    """
    options = sorted({key for places in (*earlier.values(), *later.values()) for key in places})
    return {key: _movement(_column(earlier, key), _column(later, key)) for key in options}


def describe_movement(found: Movement) -> str:
    """A plain readout: "4 of 12 moved (3 up, 1 down), 2 answered only now"."""
    ways = [f"{count} {way}" for count, way in ((found.up, "up"), (found.down, "down")) if count]
    text = f"{found.moved} of {found.both} moved" + (f" ({', '.join(ways)})" if ways else "")
    text += f", {found.joined} answered only now" if found.joined else ""
    return text + (f", {found.left} answered only before" if found.left else "")


def _column(rounds: Mapping[int, Places], key: str) -> dict[int, Place]:
    return {person: places[key] for person, places in rounds.items() if key in places}


def _movement(earlier: Mapping[int, Place], later: Mapping[int, Place]) -> Movement:
    pairs = Counter((earlier[person], later[person]) for person in earlier if person in later)
    both = sum(pairs.values())
    stayed = sum(count for (before, after), count in pairs.items() if before == after)
    steps = [(after - before, count) for (before, after), count in pairs.items()
             if not isinstance(before, str) and not isinstance(after, str)]
    return Movement(
        stayed=stayed, moved=both - stayed,
        up=sum(count for step, count in steps if step > 0), down=sum(count for step, count in steps if step < 0),
        joined=len(later) - both, left=len(earlier) - both,
        transitions=tuple((before, after, pairs[before, after])
                          for before, after in sorted(pairs, key=lambda pair: (_order(pair[0]), _order(pair[1])))))


def _order(place: Place) -> tuple[int, float, str]:
    # Numbers and words cannot be compared with each other.
    return (1, 0, place) if isinstance(place, str) else (0, place, "")
