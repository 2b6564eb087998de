"""Hours belong to slots by their places on the agenda: where an import moves a slot, its hours go along."""

from collections.abc import Mapping

from sigforum.agenda.domain import AgendaPlan, SlotPlan
from sigforum.agenda.importing.changes import DetailChange
from sigforum.agenda.importing.pairing import pair_slots
from sigforum.extensions import db
from sigforum.people.inviting_models import MeetingCalendar


def carried_hours(meeting_id: int, before: AgendaPlan, after: AgendaPlan, *,
                  codes_before: Mapping[str, str]) -> tuple[dict[str, list[str]], tuple[DetailChange, ...]]:
    """The hours of the slots of the agenda to come, and those that go because their slot does."""
    calendar = db.session.get(MeetingCalendar, meeting_id)
    hours = dict(calendar.hours or {}) if calendar else {}
    old, new = _by_key(before), _by_key(after)
    pairs = pair_slots(list(old.values()), list(new.values()), codes_before=codes_before)
    keys_before, keys_after = list(old), list(new)
    kept, carried = {}, set()
    for place, stood in sorted(pairs.items()):
        if keys_before[stood] in hours:
            kept[keys_after[place]] = hours[keys_before[stood]]
            carried.add(keys_before[stood])
    # A slot that no session and no name tells apart keeps the hours of its place.
    for key in hours.keys() & old.keys() & new.keys() - carried - kept.keys():
        if not _is_told_apart(old[key]) and not _is_told_apart(new[key]):
            kept[key] = hours[key]
            carried.add(key)
    lost = [DetailChange(f"hours of {_name(old.get(key), key)}", "removed", "–".join(hours[key]), None)
            for key in hours if key not in carried]
    return kept, tuple(lost)


def store_hours(meeting_id: int, hours: dict[str, list[str]]) -> None:
    """Keep hours that were carried along, in a running transaction."""
    calendar = db.session.get(MeetingCalendar, meeting_id)
    if calendar is not None and calendar.hours != hours:
        calendar.hours = hours


def _by_key(plan: AgendaPlan) -> dict[str, SlotPlan]:
    return {f"{day_number}.{number}": slot for day_number, day in enumerate(plan.days, start=1)
            for number, slot in enumerate(day.slots, start=1)}


def _is_told_apart(slot: SlotPlan) -> bool:
    return bool(slot.forum_sessions or slot.title or slot.number is not None)


def _name(slot: SlotPlan | None, key: str) -> str:
    day, _, number = key.partition(".")
    return slot.title if slot is not None and slot.title else f"day {day}, part {number}"
