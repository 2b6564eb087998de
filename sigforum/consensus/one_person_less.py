"""Whether a result hangs on one person: who would lead if any single ballot had not been cast."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Ballot = TypeVar("Ballot", bound=Mapping[Any, Any])


@dataclass(frozen=True)
class OnePersonLess:
    """`tipping` of `people` would each change who leads by not taking part; `instead` are the leads that come then."""

    leaders: tuple[str, ...]
    people: int
    tipping: int
    instead: tuple[tuple[str, ...], ...]

    @property
    def is_fragile(self) -> bool | None:
        """Whether anybody is among them; None with nobody to leave out."""
        return self.tipping > 0 if self.people else None


def one_person_less(
    ballots: Sequence[Ballot], *, leaders: Callable[[Sequence[Ballot]], Collection[str]]
) -> OnePersonLess:
    """Every ballot left out in turn, for any way of finding who leads: rankings, points, approvals.

    `leaders` gives the options that share the first place; their order does not matter, and a tie that comes or goes
    is a change. Equal ballots are interchangeable, so each kind is left out once. Source: the delete-one idea of
    Quenouille, "Notes on bias in estimation", Biometrika 43 (1956) 353-360, applied to a decision.
    """
    whole = tuple(sorted(leaders(ballots)))
    alike: dict[frozenset[tuple[Any, Any]], list[int]] = {}
    for place, ballot in enumerate(ballots):
        alike.setdefault(frozenset(ballot.items()), []).append(place)
    tipping, instead = 0, set()
    for places in alike.values():
        without = tuple(sorted(leaders([*ballots[:places[0]], *ballots[places[0] + 1:]])))
        if without != whole:
            tipping += len(places)
            instead.add(without)
    return OnePersonLess(leaders=whole, people=len(ballots), tipping=tipping, instead=tuple(sorted(instead)))


def describe_one_person_less(found: OnePersonLess) -> str:
    """One plain sentence, or an empty text where nobody voted."""
    if found.is_fragile is None:
        return ""
    if not found.is_fragile:
        return "No single person's absence would change who leads."
    ways = " or ".join(" = ".join(options) if options else "nobody" for options in found.instead)
    return (f"The winner would change without one person: {found.tipping} of {found.people} would each tip it by not "
            f"taking part (then {ways}).")
