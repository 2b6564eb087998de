"""What was declared before the discussion, in numbers; no name and no word of it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Interests:
    """Of the `people` who could vote, how many declared an interest, declared that they have none, or did neither;
    how many of the first named a financial interest, and how many another; and how many were recused from votes.
    The five counts are None where so few people are counted that they would point at somebody."""

    people: int
    declared: int | None
    nothing: int | None
    unanswered: int | None
    financial: int | None
    advocacy: int | None
    recused: int

    @property
    def text(self) -> str:
        """The numbers in sentences."""
        recused = f" {self.recused} {'was' if self.recused == 1 else 'were'} recused from votes."
        if self.declared is None:
            return f"So few people could vote that it is not told how many declared an interest.{recused}"
        return (f"{self.declared} of {self.people} people who could vote declared an interest ({self.financial} "
                f"financial, {self.advocacy} advocacy or other), {self.nothing} declared that they have none, "
                f"{self.unanswered} did neither.{recused}")
