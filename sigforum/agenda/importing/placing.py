"""Puts forum sessions into days and slots where a newer agenda does not say in which they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sigforum.agenda.domain import AgendaPlan, DayPlan, ForumSessionPlan, SlotPlan
from sigforum.agenda.importing.pairing import pair_slots


@dataclass(slots=True)
class _Unit:
    """Forum sessions that stand in one slot; `day` and `place` are those of the stored slot that goes on."""

    slot: SlotPlan
    day: int | None
    place: int | None
    forum_sessions: list[ForumSessionPlan] = field(default_factory=list)


def place_sessions(plan: AgendaPlan, *, stored: AgendaPlan, codes_before: Mapping[str, str]) -> list[DayPlan]:
    """The days of the newer agenda. Where it names no day, or no slot, forum sessions stay in theirs; a new one joins
    the one before it."""
    names_days = any(_names_day(day) for day in plan.days)
    names_slots = any(_names_slot(slot) for day in plan.days for slot in day.slots)
    if (names_days and names_slots) or not stored.days:
        return list(plan.days)
    flat = [(day, slot) for day, one in enumerate(stored.days) for slot in range(len(one.slots))]
    where = {each.code: (day, place) for day, one in enumerate(stored.days) for place, slot in enumerate(one.slots)
             for each in slot.forum_sessions}
    units = [_units(day.slots, stored=stored, flat=flat, where=where, codes_before=codes_before) for day in plan.days]
    if names_days:
        return [replace(day, slots=(*_slots(found), *(slot for slot in day.slots if not (
            _names_slot(slot) or slot.forum_sessions)))) for day, found in zip(plan.days, units, strict=True)]
    return _stored_days(stored, [unit for found in units for unit in found])


def _names_day(day: DayPlan) -> bool:
    return bool(day.label or day.date or day.printed)


def _names_slot(slot: SlotPlan) -> bool:
    return slot.number is not None or bool(slot.title)


def _units(slots: Sequence[SlotPlan], *, stored: AgendaPlan, flat: Sequence[tuple[int, int]],
           where: Mapping[str, tuple[int, int]], codes_before: Mapping[str, str]) -> list[_Unit]:
    pairs = pair_slots([stored.days[day].slots[place] for day, place in flat], slots, codes_before=codes_before)
    units: list[_Unit] = []
    for index, slot in enumerate(slots):
        if _names_slot(slot):
            day, place = flat[pairs[index]] if index in pairs else (units[-1].day if units else None, None)
            units.append(_Unit(slot, day, place, list(slot.forum_sessions)))
            continue
        for each in slot.forum_sessions:
            at = where.get(codes_before.get(each.code, ""))
            if at is not None:
                units.append(_Unit(stored.days[at[0]].slots[at[1]], *at, [each]))
            elif units:
                units[-1].forum_sessions.append(each)
            else:
                units.append(_Unit(slot, None, None, [each]))
    return _merged(units)


def _merged(units: Sequence[_Unit]) -> list[_Unit]:
    """Units of the same stored slot as one; they stand in the order of the stored slots."""
    found: list[_Unit] = []
    by_place: dict[tuple[int | None, int | None], _Unit] = {}
    for unit in units:
        known = by_place.get((unit.day, unit.place)) if unit.place is not None else None
        if known is None:
            found.append(unit)
            by_place[unit.day, unit.place] = unit
        else:
            known.forum_sessions.extend(unit.forum_sessions)
    keys, last = {}, (-1, -1)
    for unit in found:
        last = (unit.day, unit.place) if unit.day is not None and unit.place is not None else last
        keys[id(unit)] = last
    return sorted(found, key=lambda unit: keys[id(unit)])


def _slots(units: Sequence[_Unit]) -> tuple[SlotPlan, ...]:
    return tuple(replace(unit.slot, forum_sessions=tuple(unit.forum_sessions)) for unit in units)


def _stored_days(stored: AgendaPlan, units: Sequence[_Unit]) -> list[DayPlan]:
    """The stored days with what the newer agenda puts into them. Slots that held nothing stay; those from which all
    was taken go, and so do days."""
    merged = _merged(units)
    days = []
    for index, day in enumerate(stored.days):
        taken = [unit for unit in merged if unit.day == index]
        places = {unit.place for unit in taken}
        empty = [_Unit(slot, index, place) for place, slot in enumerate(day.slots)
                 if not slot.forum_sessions and place not in places]
        slots = _slots(_merged([*taken, *empty]))
        if slots or not day.slots:
            days.append(replace(day, slots=slots))
    rest = [unit for unit in merged if unit.day is None]
    if not rest:
        return days
    if days:
        return [replace(days[0], slots=(*_slots(rest), *days[0].slots)), *days[1:]]
    return [DayPlan("", None, _slots(rest))]
