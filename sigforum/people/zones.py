"""A time zone as it stands in a calendar file: every change of its clocks in some years, one by one."""

from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

# No zone changes its clocks twice within so short a time.
_STEP = timedelta(days=2)


def zone_component(name: str, *, first_year: int, last_year: int) -> Timezone:
    """The zone's rules from the beginning of one year to the end of another (RFC 5545, 3.6.5).

    Rules that repeat are not looked for: some zones stop summer time for Ramadan, and a guessed repetition would be
    an hour off for weeks.
    """
    zone = ZoneInfo(name)
    # An entry told long ago may stand at an end of the calendar, behind which no clock can be computed.
    first_year, last_year = max(first_year, MINYEAR + 1), min(last_year, MAXYEAR - 2)
    begins = datetime(first_year, 1, 1, tzinfo=UTC)
    component = Timezone()
    component.add("tzid", name)
    component.add_component(_observance(zone, begins, before=zone.utcoffset(begins.astimezone(zone))))
    for moment, before in _changes(zone, begins, datetime(last_year + 1, 1, 1, tzinfo=UTC)):
        component.add_component(_observance(zone, moment, before=before))
    return component


def _changes(zone: ZoneInfo, begins: datetime, ends: datetime) -> Iterator[tuple[datetime, timedelta | None]]:
    """Each moment from which on the clocks of a zone show something else, and how they were set before."""
    moment = begins
    while moment < ends:
        later = moment + _STEP
        before = _clock(zone, moment)
        if before != _clock(zone, later):
            low, high = moment, later
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if _clock(zone, middle) == before else (low, middle)
            yield high, before[0]
        moment = later


def _clock(zone: ZoneInfo, moment: datetime) -> tuple[timedelta | None, str | None]:
    local = moment.astimezone(zone)
    return local.utcoffset(), local.tzname()


def _observance(zone: ZoneInfo, moment: datetime, *, before: timedelta | None) -> TimezoneStandard | TimezoneDaylight:
    """What the clocks show from a moment on. Its local time is that of the clocks before, as the standard has it."""
    local = moment.astimezone(zone)
    found = TimezoneDaylight() if local.dst() else TimezoneStandard()
    offset = local.utcoffset()
    assert before is not None, "a zone has an offset at every moment"
    assert offset is not None, "a zone has an offset at every moment"
    found.add("dtstart", (moment + before).replace(tzinfo=None))
    found.add("tzoffsetfrom", before)
    found.add("tzoffsetto", offset)
    found.add("tzname", local.tzname() or str(zone))
    return found
