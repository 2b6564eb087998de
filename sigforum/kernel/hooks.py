"""Typed hooks: a lower feature asks, higher ones answer, and it does not know which."""

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Hook(Generic[P, R]):
    """A question of one feature that others answer: P is what it tells them, R what each of them answers.

    It is declared in the hooks.py of the feature that asks, and answered by that feature and those above it in the
    install() of their feature.py. Answers are registered once in a process and are the same for all its applications.
    """

    def __init__(self, meaning: str) -> None:
        self.__doc__ = meaning
        self._answers: list[Callable[P, R]] = []

    def register(self, answer: Callable[P, R]) -> None:
        """Have `answer` called too. Registering it again, for another application, changes nothing."""
        if answer not in self._answers:
            self._answers.append(answer)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Everybody's answer, in the order in which app.py installs the features."""
        return [answer(*args, **kwargs) for answer in self._answers]

    def first(self, *args: P.args, **kwargs: P.kwargs) -> R | None:
        """The first answer that says something; None where nobody does."""
        return next(filter(None, (answer(*args, **kwargs) for answer in self._answers)), None)
