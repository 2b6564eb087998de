"""The ratings of one round together with everyone who did not rate, and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from functools import cached_property

from sigforum.consensus.counted_panel import CountedPanel, CountedRatings
from sigforum.consensus.scale import Scale


@dataclass(frozen=True)
class RatingPanel:
    """What a rule judges: the ratings given and the counts of people around them.

    `entitled` are those who may vote, recused people already taken out; `invited` counts both. "Outside my
    expertise" and "abstain" are answers of their own. Raises ValueError when a rating is not on the scale
    or the counts contradict.
    """

    ratings: tuple[int, ...]
    _: KW_ONLY
    scale_min: int
    scale_max: int
    entitled: int
    invited: int
    outside_expertise: int = 0
    abstained: int = 0
    recused: int = 0
    # The same ratings by stakeholder group, where a rule asks each of them: (group, its ratings).
    groups: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def __post_init__(self) -> None:
        scale = self.scale
        for rating in sorted(set(self.ratings)):
            if not scale.contains(rating):
                raise ValueError(f"rating {rating} is not on the scale {scale}")
        if min(self.outside_expertise, self.abstained, self.recused) < 0:
            raise ValueError("a count of people cannot be negative")
        if self.groups and sorted(one for _, given in self.groups for one in given) != sorted(self.ratings):
            raise ValueError("the groups hold other ratings than the panel")
        if self.answered > self.entitled:
            raise ValueError(f"{self.answered} answers from {self.entitled} entitled people")
        if self.entitled + self.recused > self.invited:
            raise ValueError(
                f"{self.entitled} entitled and {self.recused} recused of {self.invited} invited people"
            )

    @property
    def scale(self) -> Scale:
        """The scale that the ratings were given on."""
        return Scale(self.scale_min, self.scale_max)

    @property
    def rated(self) -> int:
        """How many people gave a rating."""
        return len(self.ratings)

    @property
    def answered(self) -> int:
        """How many people answered at all: a rating, an abstention or "outside my expertise"."""
        return self.rated + self.outside_expertise + self.abstained

    @cached_property
    def counted(self) -> CountedPanel:
        """The same panel as counts for each step of the scale."""
        given = Counter(self.ratings)
        steps = [given[rating] for rating in range(self.scale_min, self.scale_max + 1)]
        return CountedPanel(CountedRatings(steps, lowest=self.scale_min), scale=self.scale, entitled=self.entitled,
                            outside_expertise=self.outside_expertise, abstained=self.abstained)

    @property
    def headcounts(self) -> dict[str, object]:
        """Every N of this round, for the figures of a verdict."""
        return {
            "invited": self.invited,
            "recused": self.recused,
            "entitled": self.entitled,
            "answered": self.answered,
            "rated": self.rated,
            "abstained": self.abstained,
            "outside_expertise": self.outside_expertise,
        }

    def with_ratings(self, ratings: Sequence[int]) -> "RatingPanel":
        """The panel as it were had only the people behind these ratings been invited to rate."""
        absent = self.rated - len(ratings)
        return replace(self, ratings=tuple(ratings), groups=(), entitled=self.entitled - absent,
                       invited=self.invited - absent)

    def each_without_a_nonrater(self) -> Iterator["RatingPanel"]:
        """The panels without one abstainer, without one outside their expertise, without one silent."""
        entitled, invited = self.entitled - 1, self.invited - 1
        if self.abstained:
            yield replace(self, entitled=entitled, invited=invited, abstained=self.abstained - 1)
        if self.outside_expertise:
            yield replace(
                self, entitled=entitled, invited=invited, outside_expertise=self.outside_expertise - 1
            )
        if self.entitled > self.answered:
            yield replace(self, entitled=entitled, invited=invited)


def describe_participation(panel: RatingPanel) -> str:
    """A readout: "22 of 24 entitled people answered: 18 rated, 1 abstained, 3 outside their expertise"."""
    sentence = (
        f"{panel.answered} of {panel.entitled} entitled people answered: {panel.rated} rated, "
        f"{panel.abstained} abstained, {panel.outside_expertise} outside their expertise"
    )
    return f"{sentence}; {panel.recused} recused" if panel.recused else sentence
