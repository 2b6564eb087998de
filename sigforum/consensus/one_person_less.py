"""Whether a result hangs on one person: who would lead if any single ballot had not been cast."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sigforum.kernel.words import named

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
    places = {id(ballot): place for place, ballot in enumerate(ballots)}

    def without(ballot: Ballot) -> Collection[str]:
        place = places[id(ballot)]
        return leaders([*ballots[:place], *ballots[place + 1:]])

    return each_left_out(ballots, whole=leaders(ballots), without=without)


def each_left_out(
    ballots: Sequence[Ballot], *, whole: Collection[str], without: Callable[[Ballot], Collection[str]]
) -> OnePersonLess:
    """The same where who leads without a ballot is found faster than by counting all others again."""
    whole = tuple(sorted(whole))
    alike: dict[frozenset[tuple[Any, Any]], list[int]] = {}
    for place, ballot in enumerate(ballots):
        alike.setdefault(frozenset(ballot.items()), []).append(place)
    tipping, instead = 0, set()
    for alike_places in alike.values():
        left = tuple(sorted(without(ballots[alike_places[0]])))
        if left != whole:
            tipping += len(alike_places)
            instead.add(left)
    return OnePersonLess(leaders=whole, people=len(ballots), tipping=tipping, instead=tuple(sorted(instead)))


def describe_one_person_less(found: OnePersonLess, *, names: Mapping[str, str] | None = None) -> str:
    """One plain sentence, or an empty text where nobody voted; `names` are the words of the options."""
    if found.is_fragile is None:
        return ""
    if not found.is_fragile:
        return "No single person's absence would change who leads."
    words = names or {}
    ways = " or ".join(" = ".join(words.get(option) or named(option) for option in options) if options else "nobody"
                       for options in found.instead)
    return (f"The winner would change without one person: {found.tipping} of {found.people} would each tip it by not "
            f"taking part (then {ways}).")
