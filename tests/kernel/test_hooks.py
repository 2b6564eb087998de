"""A hook: who answers, in which order, and how often."""

from collections.abc import Callable

import pytest

from sigforum.kernel.hooks import Hook


@pytest.fixture
def scaled() -> Hook[[int], int]:
    return Hook("A number, scaled by whoever answers.")


def times(factor: int) -> Callable[[int], int]:
    return lambda number: number * factor


def test_a_hook_that_nobody_answers_gives_nothing(scaled: Hook[[int], int]) -> None:
    assert scaled(2) == []
    assert scaled.first(2) is None


def test_answers_come_in_the_order_of_registration(scaled: Hook[[int], int]) -> None:
    scaled.register(times(10))
    scaled.register(times(1))
    assert scaled(2) == [20, 2]


def test_an_answer_registered_for_a_second_application_is_given_once(scaled: Hook[[int], int]) -> None:
    twice, thrice = times(2), times(3)
    for _application in range(2):
        scaled.register(twice)
        scaled.register(thrice)
    assert scaled(2) == [4, 6]


def test_the_first_answer_is_the_first_that_says_something(scaled: Hook[[int], int]) -> None:
    asked = []

    def unneeded(number: int) -> int:
        asked.append(number)
        return number
    scaled.register(times(0))
    scaled.register(times(5))
    scaled.register(unneeded)
    assert scaled.first(2) == 10
    assert asked == []


def test_hooks_do_not_share_answers(scaled: Hook[[int], int]) -> None:
    other: Hook[[int], int] = Hook("Another question.")
    other.register(times(3))
    assert (scaled(1), other(1)) == ([], [3])


def test_a_refusal_in_an_answer_reaches_whoever_asks(scaled: Hook[[int], int]) -> None:
    def refuse(number: int) -> int:
        raise ValueError(number)
    scaled.register(refuse)
    with pytest.raises(ValueError, match="2"):
        scaled(2)


def test_a_hook_says_what_it_means(scaled: Hook[[int], int]) -> None:
    assert scaled.__doc__ == "A number, scaled by whoever answers."
