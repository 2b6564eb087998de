"""Whether the parts of a number may be told, alone and beside what they add up to."""

from collections.abc import Iterable, Sequence

from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE


def is_part_told(count: int, of: int) -> bool:
    """Whether it is told that `count` people of `of` did something: neither they nor the others may be one or two."""
    return all(part == 0 or part >= FEWEST_PEOPLE for part in (count, of - count, of))


def are_parts_told(parts: Iterable[tuple[int, int]]) -> bool:
    """The same of several, told together or not at all: one held back could be found from the others and the sum."""
    return all(is_part_told(count, of) for count, of in parts)


def shown_answers(blocks: Sequence[tuple[int, int]]) -> tuple[int | None, ...]:
    """For groups given as (accepted, answered) the numbers of answers that may be shown; the total is shown anyway.

    Neither those who answered nor those who did not may be one or two people, in a group alone or in all groups
    together whose numbers are kept back, because the total minus the shown ones is known.
    """
    hidden = {place for place, (accepted, answered) in enumerate(blocks) if not _is_safe(accepted, answered)}
    while hidden and len(hidden) < len(blocks) and (len(hidden) == 1 or not _is_safe(
            sum(blocks[place][0] for place in hidden), sum(blocks[place][1] for place in hidden))):
        hidden.add(min(set(range(len(blocks))) - hidden, key=lambda place: (blocks[place], place)))
    return tuple(None if place in hidden else answered for place, (_, answered) in enumerate(blocks))


def leaves_few(*counts: int) -> bool:
    """Whether what is left of a table, another one taken away from it, would be one or two people."""
    return any(0 < left < FEWEST_PEOPLE for left in counts)


def _is_safe(accepted: int, answered: int) -> bool:
    # That nobody of a group answered is a fact about every one of them.
    return answered >= FEWEST_PEOPLE and is_part_told(answered, accepted)
