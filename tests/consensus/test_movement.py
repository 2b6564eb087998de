"""Movement between two rounds: counted by hand, and nobody lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigforum.consensus.movement import Movement, describe_movement, movements

EARLIER = {
    1: {"o1": 3, "o2": "agree"}, 2: {"o1": 3, "o2": "pass"}, 3: {"o1": 8, "o2": "agree"}, 4: {"o1": 5},
    5: {"o1": "outside"},
}
LATER = {
    1: {"o1": 7, "o2": "agree"}, 2: {"o1": 7, "o2": "agree"}, 3: {"o1": 6, "o2": "disagree"}, 5: {"o1": 4},
    6: {"o1": 4, "o2": "pass"},
}
MOVES = {
    # 1 and 2 rose, 3 sank, 5 came in from outside, 4 is gone and 6 is new.
    "o1": Movement(stayed=0, moved=4, up=2, down=1, joined=1, left=1,
                   transitions=((3, 7, 2), (8, 6, 1), ("outside", 4, 1))),
    "o2": Movement(stayed=1, moved=2, up=0, down=0, joined=1, left=0,
                   transitions=(("agree", "agree", 1), ("agree", "disagree", 1), ("pass", "agree", 1))),
}
PLACES = st.dictionaries(
    st.sampled_from(["o1", "o2", ""]), st.integers(0, 3) | st.sampled_from([0.5, "outside", "abstain"]))
ROUNDS = st.dictionaries(st.integers(1, 9), PLACES)


def test_movements_are_those_counted_by_hand() -> None:
    assert movements(EARLIER, LATER) == MOVES


def test_movements_are_in_order_of_key_and_place_whatever_the_order_of_people() -> None:
    reverse = {person: dict(reversed(EARLIER[person].items())) for person in reversed(EARLIER)}
    found = movements(reverse, dict(reversed(LATER.items())))
    assert found == MOVES
    assert list(found) == ["o1", "o2"]


@pytest.mark.parametrize(("earlier", "later", "expected"), [
    ({}, {}, {}),
    ({1: {}}, {1: {}}, {}),
    ({1: {"o1": 2}}, {}, {"o1": Movement(stayed=0, moved=0, up=0, down=0, joined=0, left=1, transitions=())}),
    # An option that was added between the rounds has only people who joined.
    ({1: {"o1": 2}}, {1: {"o1": 2, "o2": 5}}, {
        "o1": Movement(stayed=1, moved=0, up=0, down=0, joined=0, left=0, transitions=((2, 2, 1),)),
        "o2": Movement(stayed=0, moved=0, up=0, down=0, joined=1, left=0, transitions=())}),
])
def test_empty_rounds_and_new_options_have_nobody_to_compare(earlier, later, expected) -> None:
    assert movements(earlier, later) == expected


@pytest.mark.parametrize(("found", "words"), [
    (MOVES["o1"], "4 of 4 moved (2 up, 1 down), 1 answered only now, 1 answered only before"),
    (MOVES["o2"], "2 of 3 moved, 1 answered only now"),
])
def test_movement_is_told_in_words(found, words) -> None:
    assert describe_movement(found) == words


@given(earlier=ROUNDS, later=ROUNDS)
def test_everybody_is_counted_once(earlier, later) -> None:
    found = movements(earlier, later)
    for key, one in found.items():
        before = [person for person in earlier if key in earlier[person]]
        after = [person for person in later if key in later[person]]
        assert one.both + one.left == len(before)
        assert one.both + one.joined == len(after)
        assert sum(count for *_, count in one.transitions) == one.both
        assert one.stayed == sum(count for start, end, count in one.transitions if start == end)
        assert one.up + one.down <= one.moved
    back = movements(later, earlier)
    assert {key: (one.up, one.down, one.joined, one.left, one.stayed) for key, one in found.items()} == {
        key: (one.down, one.up, one.left, one.joined, one.stayed) for key, one in back.items()}
