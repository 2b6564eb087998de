"""The days on which a card opens its meeting, asked at every request and event of a browser that it signed in."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from sigforum.extensions import db
from sigforum.kernel.clock import is_in_reach, now
from sigforum.people.inviting_models import MeetingCalendar

# Before a zone is set, a day lasts from its first hour anywhere on earth to its last one.
_EARLIEST, _LATEST = timedelta(hours=14), timedelta(hours=12)


def moments_of(first: date, last: date, *, zone: str) -> tuple[datetime, datetime]:
    """When these days begin and end in a zone; the whole earth's where it is empty."""
    after = last + timedelta(days=1)
    if zone:
        return _midnight(first, zone=ZoneInfo(zone)), _midnight(after, zone=ZoneInfo(zone))
    return _midnight(first, zone=UTC) - _EARLIEST, _midnight(after, zone=UTC) + _LATEST


def days_of(connection: Connection, meeting_id: int) -> tuple[datetime, datetime] | None:
    """When the days of a meeting begin and end, as its agenda gives them now; None where it gives none, and then no
    card opens it."""
    meetings, calendars = db.metadata.tables["meetings"], MeetingCalendar.__table__
    row = connection.execute(
        select(meetings.c.start_on, meetings.c.end_on, calendars.c.time_zone)
        .outerjoin(calendars, calendars.c.meeting_id == meetings.c.id)
        .where(meetings.c.id == meeting_id)).one_or_none()
    if row is None or row.start_on is None:
        return None
    first, last = row.start_on, row.end_on or row.start_on
    return moments_of(first, last, zone=row.time_zone or "") if is_in_reach(first) and is_in_reach(last) else None


def is_one_of_its_days(meeting_id: int) -> bool:
    """Whether a meeting has begun and is not over at this moment."""
    days = days_of(db.session.connection(), meeting_id)
    return days is not None and days[0] <= now() < days[1]


def _midnight(day: date, *, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
