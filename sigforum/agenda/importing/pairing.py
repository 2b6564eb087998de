"""Finds which stored day, slot and frequently asked question a newer agenda means."""

from collections.abc import Hashable, Mapping, Sequence

from sigforum.agenda.domain import DayPlan, Faq, SlotPlan
from sigforum.agenda.importing.matching import LEAST_SIMILARITY, normalised, similarity

# Comparing everything with everything is dear: beyond this many pairs only equal words are matched.
_MOST_PAIRS = 10_000


def pair_days(old: Sequence[DayPlan], new: Sequence[DayPlan], *, codes_before: Mapping[str, str]) -> dict[int, int]:
    """Which stored day each new one goes on, by index: the one of the same label, else of the same date, else the one
    from which most of its forum sessions come, else the one in its place."""
    pairs: dict[int, int] = {}
    _pair(pairs, [normalised(one.label) or None for one in old], [normalised(one.label) or None for one in new])
    _pair(pairs, [one.date for one in old], [one.date for one in new])
    _pair_by_sessions(pairs, [_codes(one.slots) for one in old], [
        [codes_before.get(code, "") for code in _codes(one.slots)] for one in new])
    if len(old) == len(new):
        _pair(pairs, list(range(len(old))), list(range(len(new))))
    return pairs


def pair_slots(old: Sequence[SlotPlan], new: Sequence[SlotPlan], *, codes_before: Mapping[str, str]) -> dict[int, int]:
    """Which stored slot each new one goes on, by index: the one from which most of its forum sessions come, else the
    next one of the same number and title."""
    pairs: dict[int, int] = {}
    _pair_by_sessions(pairs, [_codes([one]) for one in old], [
        [codes_before.get(code, "") for code in _codes([one])] for one in new])
    _pair(pairs, [_slot_name(one) for one in old], [_slot_name(one) for one in new])
    return pairs


def _slot_name(slot: SlotPlan) -> tuple[int | None, str] | None:
    return (slot.number, normalised(slot.title)) if slot.number is not None or slot.title else None


def pair_faqs(old: Sequence[Faq], new: Sequence[Faq]) -> dict[int, int]:
    """Which stored question each new one goes on, by index: the same words, else what resembles it most."""
    pairs: dict[int, int] = {}
    keys = [[normalised(one.question).casefold() for one in faqs] for faqs in (old, new)]
    _pair(pairs, *keys)
    if len(old) * len(new) > _MOST_PAIRS:
        return pairs
    scored = sorted(((-similarity(before, after), place, stood) for place, after in enumerate(keys[1])
                     for stood, before in enumerate(keys[0])), key=lambda one: one)
    for score, place, stood in scored:
        if -score >= LEAST_SIMILARITY and place not in pairs and stood not in pairs.values():
            pairs[place] = stood
    return pairs


def _codes(slots: Sequence[SlotPlan]) -> list[str]:
    return [one.code for slot in slots for one in slot.forum_sessions]


def _pair(pairs: dict[int, int], old: Sequence[Hashable], new: Sequence[Hashable]) -> None:
    """Pair equal keys, first come first served; None pairs with nothing."""
    for place, key in enumerate(new):
        if place in pairs or key is None:
            continue
        stood = next((index for index, other in enumerate(old) if other == key and index not in pairs.values()), None)
        if stood is not None:
            pairs[place] = stood


def _pair_by_sessions(pairs: dict[int, int], old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> None:
    """Pair what shares most forum sessions, best first."""
    shared: list[tuple[int, int, int]] = sorted(
        (-len(set(after) & set(before)), place, stood) for place, after in enumerate(new)
        for stood, before in enumerate(old))
    for score, place, stood in shared:
        if score and place not in pairs and stood not in pairs.values():
            pairs[place] = stood
