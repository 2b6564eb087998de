"""Whether who leads hangs on one person: everyone is left out once, and everything counted again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sigforum.verification.matching import Number, numbers_in

Ballot = Mapping[str, int]
Leaders = Callable[[Sequence[Ballot]], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class OneLess:
    """How many people would each change who leads, and who would lead then."""

    people: int
    tipping: int
    instead: tuple[tuple[str, ...], ...]

    @property
    def extra(self) -> dict[str, Any]:
        """As a result publishes it; nobody says nothing."""
        return {"is_fragile": bool(self.tipping) if self.people else None, "tipping": self.tipping}

    def numbers(self, texts: Mapping[str, str]) -> tuple[Number, ...]:
        """The numbers of its sentence, those inside the options' words included."""
        if not self.tipping:
            return ()
        named = [number for options in self.instead for key in options for number in numbers_in(texts[key])]
        return (self.tipping, self.people, *named)


def left_out(ballots: Sequence[Ballot], leaders: Leaders) -> OneLess:
    """Without each ballot in turn. Ballots that say the same leave the same behind, and are counted once."""
    whole, tipping, seen = leaders(ballots), 0, dict[tuple[tuple[str, int], ...], tuple[str, ...]]()
    instead = set()
    for place, ballot in enumerate(ballots):
        says = tuple(sorted(ballot.items()))
        if says not in seen:
            seen[says] = leaders([*ballots[:place], *ballots[place + 1:]])
        if seen[says] != whole:
            tipping += 1
            instead.add(seen[says])
    return OneLess(people=len(ballots), tipping=tipping, instead=tuple(sorted(instead)))
