"""The meeting's time zone and the hours of its slots, as an organizer sets them for calendars."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask import g, has_request_context

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.errors import Invalid
from sigforum.kernel.loaded import LOADED, check_loaded, mark
from sigforum.people import queries
from sigforum.people.domain import Viewer
from sigforum.people.inviting_models import MeetingCalendar
from sigforum.people.policy import check_manages_people
from sigforum.transaction import transaction

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@cache
def time_zones() -> tuple[str, ...]:
    """The names that can be chosen: those of places, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def meeting_calendar(meeting_id: int) -> MeetingCalendar:
    """What was set so far; nothing, for a meeting whose hours nobody gave."""
    return db.session.get(MeetingCalendar, meeting_id) or MeetingCalendar(
        meeting_id=meeting_id, time_zone="", hours={})


def page_zone() -> str:
    """The zone of the meeting that a page is about; empty where it is about none, or nobody set one."""
    meeting = g.get("meeting") if has_request_context() else None
    if meeting is None:
        return ""
    if "page_zone" not in g:
        zone = queries.time_zone(meeting.id)
        g.page_zone = zone if zone in time_zones() else ""
    found: str = g.page_zone
    return found


def save_hours(viewer: Viewer, meeting: Any, form: Mapping[str, str]) -> None:
    """Keep zone and hours. Raises Invalid by field, and Outdated where the form was loaded with others; nothing is
    stored then."""
    check_manages_people(viewer)
    zone, hours = checked_hours(meeting, form)
    with transaction():
        found = db.session.get(MeetingCalendar, viewer.meeting_id)
        if found is None or (found.time_zone or "", found.hours or {}) != (zone, hours):
            check_loaded(form.get(LOADED, ""), hours_mark(meeting), stands=hours_text(meeting_calendar(meeting.id)))
        if found is None:
            found = MeetingCalendar(meeting_id=viewer.meeting_id)
            db.session.add(found)
        before, after = {"zone": found.time_zone or "", "hours": found.hours or {}}, {"zone": zone, "hours": hours}
        if before == after:
            return
        found.time_zone, found.hours = zone, hours
        record("hours_set", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"meeting {viewer.meeting_id}", before=before, after=after)


def hours_mark(meeting: Any) -> str:
    """The mark of a form of hours: of what was set, and of the slots that its fields stand for."""
    found = meeting_calendar(meeting.id)
    slots = [(day.held_on, [slot.title for slot in day.slots]) for day in meeting.days]
    return mark(found.time_zone or "", sorted((found.hours or {}).items()), slots)


def hours_text(calendar: MeetingCalendar) -> str:
    """What is set, in a sentence."""
    places = [f"day {key.replace('.', ', part ')} {begins}–{ends}" for key, (begins, ends) in calendar.hours.items()]
    return f"{calendar.time_zone or 'no time zone'}; {'; '.join(places) or 'no hours'}."


def checked_hours(meeting: Any, form: Mapping[str, str]) -> tuple[str, dict[str, list[str]]]:
    """Zone and hours by day and slot from the form's fields `time_zone`, `starts-1.2` and `ends-1.2`."""
    errors: dict[str, str] = {}
    zone = form.get("time_zone", "").strip()
    if zone and zone not in time_zones():
        errors["time_zone"] = f"'{zone[:60]}' is not a time zone; choose one such as Europe/Berlin."
    hours: dict[str, list[str]] = {}
    for day_number, day in enumerate(meeting.days, start=1):
        for number, _ in enumerate(day.slots, start=1):
            key = f"{day_number}.{number}"
            begins, ends = (form.get(f"{name}-{key}", "").strip() for name in ("starts", "ends"))
            if not begins and not ends:
                continue
            if not _CLOCK.fullmatch(begins) or not _CLOCK.fullmatch(ends) or begins >= ends:
                errors[f"starts-{key}"] = f"Day {day_number}, part {number}: give a begin and a later end, or neither."
            else:
                hours[key] = [begins, ends]
    if hours and not zone and "time_zone" not in errors:
        errors["time_zone"] = "Hours need a time zone."
    if errors:
        raise Invalid(errors)
    return zone, hours
