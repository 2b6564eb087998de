"""Calendar entries of a meeting: one a day-slot, told to each person so that clients update and cancel them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import current_app
from icalendar import Calendar, Event, vCalAddress, vText
from sqlalchemy import select

from sigforum.extensions import db
from sigforum.kernel.clock import is_in_reach, now
from sigforum.people.inviting_models import CalendarEntry, MeetingCalendar
from sigforum.people.models import Membership
from sigforum.people.zones import zone_component
from sigforum.settings import Settings
from sigforum.transaction import transaction

REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True, kw_only=True)
class CalendarFile:
    """One event as it goes with a mail."""

    name: str
    method: str
    content: bytes


def calendar_files(membership: Membership, *, is_cancelled: bool = False) -> list[CalendarFile]:
    """What a person's calendar is to be told now, stored as told. A number grows only with a change, so that telling
    again, as after a failed attempt, does no harm. `is_cancelled` takes every entry back."""
    wanted = {} if is_cancelled else planned_events(membership)
    with transaction():
        entries = {entry.key: entry for entry in db.session.scalars(
            select(CalendarEntry).where(CalendarEntry.membership_id == membership.id).with_for_update())}
        for key, told in wanted.items():
            _tell(entries, membership.id, key, told)
        for key, entry in entries.items():
            if key not in wanted and not entry.is_cancelled:
                entry.is_cancelled, entry.sequence = True, entry.sequence + 1
        stored = [(entry.key, entry.sequence, dict(entry.told), entry.is_cancelled) for entry in entries.values()]
    return [_file(membership, key, sequence, told, CANCEL if over else REQUEST)
            for key, sequence, told, over in sorted(stored, key=lambda row: row[0])]


def calendar_samples(membership: Membership) -> list[CalendarFile]:
    """What a test mail carries: the entries as they would be told, under names of their own. Nothing is stored as
    told, so that the entries of the invitation itself are counted from their first one."""
    return [_file(membership, key, 0, told, REQUEST, is_test=True)
            for key, told in sorted(planned_events(membership).items())]


def has_told_calendar(membership: Membership) -> bool:
    """Whether the person's calendar holds something that would have to be cancelled."""
    told = db.session.scalars(select(CalendarEntry.key).where(
        CalendarEntry.membership_id == membership.id, CalendarEntry.is_cancelled.is_(False)).limit(1))
    return told.first() is not None


def planned_events(membership: Membership) -> dict[str, dict[str, Any]]:
    """The person's events by day and slot: with hours where the organizer gave them, else whole days."""
    meeting = membership.meeting
    calendar = db.session.get(MeetingCalendar, meeting.id)
    hours, zone = (calendar.hours, calendar.time_zone) if calendar else ({}, "")
    assigned = {assignment.forum_session_id for assignment in membership.assignments}
    found: dict[str, dict[str, Any]] = {}
    for day_number, day in enumerate(meeting.days, start=1):
        slots = [(number, slot) for number, slot in enumerate(day.slots, start=1)
                 if not assigned or assigned & {one.id for one in slot.forum_sessions}]
        if day.held_on is None or not is_in_reach(day.held_on) or (assigned and not slots):
            continue
        timed = [(number, slot) for number, slot in slots if zone and f"{day_number}.{number}" in hours]
        for number, slot in timed:
            begins, ends = hours[f"{day_number}.{number}"]
            found[f"{day_number}.{number}"] = {
                "title": f"{meeting.title}: {slot.title or f'Part {number}'}", "zone": zone,
                "starts": f"{day.held_on}T{begins}", "ends": f"{day.held_on}T{ends}",
                "text": _agenda_of([slot], assigned)}
        if not timed:
            found[str(day_number)] = {
                "title": f"{meeting.title}: day {day_number}", "zone": "", "starts": str(day.held_on),
                "ends": str(day.held_on + timedelta(days=1)), "text": _agenda_of([slot for _, slot in slots], assigned)}
    return found


def _agenda_of(slots: list[Any], assigned: set[int]) -> str:
    return "\n".join(f"{one.code} {one.title}" for slot in slots for one in slot.forum_sessions
                     if not assigned or one.id in assigned)


def _tell(entries: dict[str, CalendarEntry], membership_id: int, key: str, told: dict[str, Any]) -> None:
    entry = entries.get(key)
    if entry is None:
        entries[key] = CalendarEntry(membership_id=membership_id, key=key, sequence=0, told=told, is_cancelled=False)
        db.session.add(entries[key])
    elif entry.is_cancelled or entry.told != told:
        entry.told, entry.is_cancelled, entry.sequence = told, False, entry.sequence + 1


def _file(membership: Membership, key: str, sequence: int, told: dict[str, Any], method: str, *,
          is_test: bool = False) -> CalendarFile:
    settings: Settings = current_app.config["SETTINGS"]
    calendar = Calendar()
    calendar.add("prodid", "-//sigforum//invitations//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    host = urlsplit(settings.base_url).hostname or "sigforum"
    # A person's own: whoever sees one calendar learns nothing of another.
    event.add("uid", f"{'test-' if is_test else ''}meeting-{membership.meeting_id}-{membership.id}-{key}@{host}")
    event.add("sequence", sequence)
    event.add("dtstamp", now().replace(microsecond=0))
    event.add("summary", _Typed(told["title"]))
    if told["text"]:
        event.add("description", _Typed(told["text"]))
    for name in ("starts", "ends"):
        event.add("dtstart" if name == "starts" else "dtend", _moment(told[name], told["zone"]))
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    name, address = parseaddr(settings.mail_from)
    event.add("organizer", _party(address, name), encode=False)
    # A test goes to an organizer, who may not know where the person's mail goes by now.
    guest = _party(membership.shown_address if is_test else membership.person.email, membership.shown_name)
    guest.params["partstat"], guest.params["rsvp"] = vText("NEEDS-ACTION"), vText("FALSE")
    event.add("attendee", guest, encode=False)
    calendar.add_component(event)
    if told["zone"] not in ("", "UTC"):
        # Clients must not have to know the zone's rules: those of the years around stand in the file.
        year = int(told["starts"][:4])
        calendar.add_component(zone_component(told["zone"], first_year=year - 1, last_year=year + 1))
    return CalendarFile(name=f"day-{key.replace('.', '-part-')}.ics", method=method, content=calendar.to_ical())


class _Typed(vText):
    """Words to the letter. The library takes a typed backslash and N for a line's end."""

    def to_ical(self) -> bytes:
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return re.sub("\r\n|[\r\n]", "\\\\n", text).encode()


def _party(address: str, name: str) -> vCalAddress:
    party = vCalAddress(f"mailto:{address}")
    if name:
        # A quotation mark has no escape inside a parameter.
        party.params["cn"] = vText(name.replace('"', "'"))
    return party


def _moment(text: str, zone: str) -> date | datetime:
    if not zone:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
