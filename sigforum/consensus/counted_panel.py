"""A panel as counts for each step of the scale: enough to find the word of a verdict, and quick to take people from."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import accumulate

from sigforum.consensus.scale import Scale


class CountedRatings(Sequence[int]):
    """Sorted ratings, kept as how many people gave each step of a scale.

    A quantile of five hundred ratings is then found among nine numbers. Source of counting instead of sorting:
    Seward, "Information sorting in the application of electronic digital computers" (1954).
    """

    __slots__ = ("counts", "lowest", "reached")

    def __init__(self, counts: Sequence[int], *, lowest: int) -> None:
        """`counts` has a number for each step from the lowest upwards."""
        self.counts = tuple(counts)
        self.lowest = lowest
        self.reached = tuple(accumulate(self.counts))

    def __len__(self) -> int:
        """How many people rated."""
        return self.reached[-1]

    def __getitem__(self, place: int) -> int:  # type: ignore[override]  # No rule slices its ratings.
        """The rating at a place, the lowest at 0; raises IndexError outside."""
        if not 0 <= place < self.reached[-1]:
            raise IndexError(place)
        return self.lowest + bisect_right(self.reached, place)

    def up_to(self, rating: int) -> int:
        """How many gave this rating or less."""
        step = rating - self.lowest
        return 0 if step < 0 else self.reached[min(step, len(self.reached) - 1)]

    def between(self, lowest: int, highest: int) -> int:
        """How many rated from one rating to another, both included."""
        return self.up_to(highest) - self.up_to(lowest - 1)

    def each_without_one(self) -> Iterator["CountedRatings"]:
        """The ratings without one person, once for each step that somebody chose."""
        for step, count in enumerate(self.counts):
            if count:
                yield CountedRatings((*self.counts[:step], count - 1, *self.counts[step + 1:]), lowest=self.lowest)


@dataclass(frozen=True, slots=True)
class CountedPanel:
    """What the word of a verdict can rest on: counted ratings, and the counts of everyone who did not rate."""

    ratings: CountedRatings
    _: KW_ONLY
    scale: Scale
    entitled: int
    outside_expertise: int = 0
    abstained: int = 0

    @property
    def rated(self) -> int:
        """How many people gave a rating."""
        return len(self.ratings)

    @property
    def answered(self) -> int:
        """How many people answered at all."""
        return len(self.ratings) + self.outside_expertise + self.abstained

    def each_without_one(self) -> Iterator["CountedPanel"]:
        """The panels without one person: one who rated so, an abstainer, one outside their expertise, one silent.

        People who did the same are interchangeable, so one of each is left out.
        """
        for ratings in self.ratings.each_without_one():
            yield self._less(ratings, self.outside_expertise, self.abstained)
        if self.abstained:
            yield self._less(self.ratings, self.outside_expertise, self.abstained - 1)
        if self.outside_expertise:
            yield self._less(self.ratings, self.outside_expertise - 1, self.abstained)
        if self.entitled > self.answered:
            yield self._less(self.ratings, self.outside_expertise, self.abstained)

    def _less(self, ratings: CountedRatings, outside_expertise: int, abstained: int) -> "CountedPanel":
        return CountedPanel(ratings, scale=self.scale, entitled=self.entitled - 1,
                            outside_expertise=outside_expertise, abstained=abstained)
