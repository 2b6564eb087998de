"""Calendar files byte by byte, read by a strict reader of RFC 5545 that knows nothing of the writer."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.people import queries
from sigforum.people.calendars import calendar_files
from sigforum.people.hours import save_hours
from tests.casting import Cast

Line = tuple[str, dict[str, str], str]


def content_lines(content: bytes) -> list[Line]:
    """The lines of a file: name, parameters and value. Every line is at most 75 octets, and each is text by itself."""
    assert content.endswith(b"\r\n")
    physical = content[:-2].split(b"\r\n")
    for line in physical:
        assert len(line) <= 75, line
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line), line
        line.decode("utf-8")
    unfolded = content[:-2].replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode().split("\r\n")
    return [split(line) for line in unfolded]


def split(line: str) -> Line:
    """One line into its parts; a colon or semicolon in quotes belongs to a parameter."""
    found = re.fullmatch(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line, re.DOTALL)
    assert found, line
    # A parameter writes what it cannot hold behind a caret (RFC 6868).
    parameters = {name: re.sub(r"\^([n'^])", lambda one: {"n": "\n", "'": '"', "^": "^"}[one[1]], value.strip('"'))
                  for name, value in re.findall(r';([A-Z-]+)=("[^"]*"|[^";:,]*)', found[2])}
    return found[1], parameters, found[3]


def unescaped(value: str) -> str:
    """A TEXT value as it is meant; every comma, semicolon and backslash in it must have been escaped."""
    assert re.fullmatch(r"(?:[^\\,;]|\\[\\,;nN])*", value, re.DOTALL), value
    return re.sub(r"\\([\\,;nN])", lambda one: "\n" if one[1] in "nN" else one[1], value)


def instant(lines: list[Line], name: str) -> datetime:
    """The moment of a property by the zone that stands in the file."""
    _, parameters, value = next(line for line in lines if line[0] == name and "TZID" in line[1])
    local = datetime.strptime(value, "%Y%m%dT%H%M%S")
    onsets: list[tuple[datetime, timedelta]] = []
    begins = None
    for key, _, text in lines:
        if key == "BEGIN":
            begins = text
        if begins in ("STANDARD", "DAYLIGHT") and key == "DTSTART":
            onset = datetime.strptime(text, "%Y%m%dT%H%M%S")
        elif begins in ("STANDARD", "DAYLIGHT") and key == "TZOFFSETTO":
            sign, hours, minutes = re.fullmatch(r"([+-])(\d\d)(\d\d)(?:\d\d)?", text).groups()
            offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
        elif key == "END" and text in ("STANDARD", "DAYLIGHT"):
            onsets.append((onset, offset))
    assert ("TZID", {}, parameters["TZID"]) in lines
    return (local - max(one for one in onsets if one[0] <= local)[1]).replace(tzinfo=UTC)


TITLES = st.text(st.sampled_from("aé Ж日🧬,;:\\\"'nN=^%<>.-" + "\u0301"), min_size=1, max_size=90).map(
    lambda text: " ".join(f"A{text}z".split()))


@settings(max_examples=25, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate], database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example(title="Cells, hearts; and \\n \\N \\, things: \"all\"" + "ß" * 60, name='Ann "Bo" C; D, E: F')
@example(title="🧬" * 40, name="日" * 60)
@given(title=TITLES, name=TITLES)
def test_titles_and_names_are_read_back_by_a_strict_reader(cast: Cast, app: Flask, title: str, name: str) -> None:
    meeting = db.session.get_one(Meeting, cast.meeting_id)
    membership = queries.membership(cast.person("ben").id, meeting_id=cast.meeting_id)
    meeting.title, membership.person.name, membership.name_here = title, name, name
    meeting.days[0].slots[0].forum_sessions[0].title = f"{title}\r"
    db.session.commit()
    for file in calendar_files(queries.membership(cast.person("ben").id, meeting_id=cast.meeting_id)):
        lines = content_lines(file.content)
        values = {key: (parameters, value) for key, parameters, value in lines}
        assert unescaped(values["SUMMARY"][1]).startswith(title)
        assert unescaped(values["DESCRIPTION"][1]).split("\n")[0].rstrip() == f"1A {title}"
        guest = values["ATTENDEE"]
        assert guest[1] == "mailto:ben@example.org"
        assert guest[0]["CN"] == name.replace('"', "'")


@pytest.mark.parametrize(("zone", "day"), [
    ("Europe/Berlin", "2026-10-24"), ("Europe/Berlin", "2027-03-27"), ("America/New_York", "2026-10-31"),
    ("Australia/Lord_Howe", "2026-10-03"), ("Africa/Casablanca", "2027-02-06"), ("Asia/Kolkata", "2026-10-24"),
    ("America/St_Johns", "2026-10-31"), ("Pacific/Chatham", "2026-09-26")])
def test_clocks_that_change_within_the_meeting_are_right_on_both_days(cast: Cast, zone: str, day: str) -> None:
    first = datetime.fromisoformat(day)
    second = first + timedelta(days=1)
    agenda = (f"Cells that stay\n\n{first.day} {first:%B %Y} to {second.day} {second:%B %Y}\n\n"
              f"Day 1, {first:%B} {first.day}\n\nSlot 1: One\n\n1A. Making cells\nCentral question: How?\n• Who?\n\n"
              f"Day 2, {second:%B} {second.day}\n\nSlot 1: Two\n\n2A. Keeping cells\nCentral question: How?\n• Who?\n")
    meeting = db.session.get_one(Meeting, cast.meeting_id)
    import_agenda(None, meeting, read_agenda(agenda.encode()))
    hours = {f"{end}-{place}": clock for place in ("1.1", "2.1") for end, clock in (
        ("starts", "00:30"), ("ends", "09:00"))}
    save_hours(cast.viewer("ada"), meeting, {"time_zone": zone, **hours})
    files = calendar_files(queries.membership(cast.person("ben").id, meeting_id=cast.meeting_id))
    told = [file for file in files if file.method == "REQUEST"]
    assert len(told) == 2
    for file, date in zip(told, (first, second), strict=True):
        lines = content_lines(file.content)
        for key, clock in (("DTSTART", (0, 30)), ("DTEND", (9, 0))):
            local = date.replace(hour=clock[0], minute=clock[1], tzinfo=ZoneInfo(zone))
            assert instant(lines, key) == local.astimezone(UTC)
