"""The scale that people rate on: whole numbers between two labelled ends."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Scale:
    """Whole numbers from one end to the other, both included; raises ValueError under two points."""

    minimum: int
    maximum: int

    def __post_init__(self) -> None:
        if self.maximum <= self.minimum:
            raise ValueError(f"a scale needs at least two points, not {self.minimum} to {self.maximum}")

    @property
    def points(self) -> int:
        """How many different ratings the scale offers."""
        return self.maximum - self.minimum + 1

    @property
    def third(self) -> int:
        """A third of the scale in whole points, rounded to the nearest: 3 of 9, 2 of 5, 2 of 7, 4 of 11."""
        return max(1, (2 * self.points + 3) // 6)

    @property
    def upper_third_from(self) -> int:
        """The lowest rating of the upper third: 7 on a scale from 1 to 9."""
        return self.maximum - self.third + 1

    @property
    def lower_third_to(self) -> int:
        """The highest rating of the lower third: 3 on a scale from 1 to 9."""
        return self.minimum + self.third - 1

    def contains(self, rating: int) -> bool:
        """Whether this rating can be given on the scale."""
        return self.minimum <= rating <= self.maximum

    def __str__(self) -> str:
        return f"{self.minimum} to {self.maximum}"
