"""Calendar entries: one a day-slot, stable names, numbers that grow with a change only, cancelled and brought back."""

from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.kernel.errors import Invalid
from sigforum.people import queries
from sigforum.people.actions import invite_people, revoke_membership
from sigforum.people.calendars import calendar_files
from sigforum.people.domain import MailKind
from sigforum.people.forms import parse_invitations
from sigforum.people.hours import save_hours
from sigforum.people.inviting_models import CalendarEntry
from sigforum.people.mail import send_queued_mail
from sigforum.people.models import Membership
from sigforum.people.outbox import send_wave
from tests.casting import AGENDA, Cast
from tests.people.test_mail import use
from tests.serving import Mailbox

HOURS = {"time_zone": "Europe/Berlin", "starts-1.1": "09:00", "ends-1.1": "10:30"}


def place(cast: Cast, name: str = "dov") -> Membership:
    db.session.rollback()
    return queries.membership(cast.person(name).id, meeting_id=cast.meeting_id)


def set_hours(cast: Cast, **changed: str) -> None:
    ada = cast.viewer("ada")
    save_hours(ada, db.session.get_one(Meeting, cast.meeting_id), HOURS | changed)


def told(cast: Cast, name: str = "dov") -> list[tuple[str, str, int, Any, Any]]:
    """(method, uid, sequence, start, end) of every event that would be told now."""
    return [read(file.content) for file in calendar_files(place(cast, name))]


def read(content: bytes) -> tuple[str, str, int, Any, Any]:
    calendar = Calendar.from_ical(content)
    event, = calendar.walk("VEVENT")
    return (str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), event["DTSTART"].dt,
            event["DTEND"].dt)


def parts(mail: EmailMessage) -> list[tuple[str, str, int, Any, Any]]:
    """The events that came with a mail; each says its method in its headers too, as clients want it."""
    found = []
    for part in mail.iter_attachments():
        assert part.get_content_type() == "text/calendar"
        content = part.get_content().encode()
        assert part.get_param("method") == read(content)[0]
        found.append(read(content))
    return found


def test_day_without_hours_is_one_whole_day(cast: Cast) -> None:
    (method, uid, sequence, starts, ends), = told(cast)
    assert (method, sequence, starts, ends) == ("REQUEST", 0, date(2026, 6, 16), date(2026, 6, 17))
    assert uid == f"meeting-{cast.meeting_id}-{place(cast).id}-1@localhost"


@pytest.mark.parametrize(("zone", "utc"), [
    ("Europe/Berlin", datetime(2026, 6, 16, 7, 0, tzinfo=UTC)), ("UTC", datetime(2026, 6, 16, 9, 0, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 6, 16, 13, 0, tzinfo=UTC)),
    ("Asia/Kolkata", datetime(2026, 6, 16, 3, 30, tzinfo=UTC)),
    ("Pacific/Auckland", datetime(2026, 6, 15, 21, 0, tzinfo=UTC))])
def test_hours_are_those_of_the_meetings_zone_and_the_zone_stands_in_the_file(
        cast: Cast, zone: str, utc: datetime) -> None:
    set_hours(cast, time_zone=zone)
    file, = calendar_files(place(cast))
    _, _, _, starts, ends = read(file.content)
    assert starts.astimezone(UTC) == utc
    assert (ends - starts).total_seconds() == 90 * 60
    calendar = Calendar.from_ical(file.content)
    if zone != "UTC":
        rules, = calendar.walk("VTIMEZONE")
        assert str(rules["TZID"]) == zone == starts.tzinfo.key
        # A client that knows no zones by name reckons with the rules in the file.
        by_file = rules.to_tz(lookup_tzid=False)
        assert starts.replace(tzinfo=by_file).astimezone(UTC) == utc
    assert all(len(line) <= 75 for line in file.content.split(b"\r\n"))


def test_number_grows_with_a_change_and_only_then(cast: Cast) -> None:
    first = told(cast)
    assert told(cast) == first
    set_hours(cast)
    timed = told(cast)
    # The whole day is taken back, and the slot takes its place.
    assert [(method, uid.split("-")[-1].split("@")[0], sequence) for method, uid, sequence, *_ in timed] == [
        ("CANCEL", "1", 1), ("REQUEST", "1.1", 0)]
    set_hours(cast, **{"ends-1.1": "11:00"})
    moved = told(cast)
    assert [(method, sequence) for method, _, sequence, *_ in moved] == [("CANCEL", 1), ("REQUEST", 1)]
    assert moved[1][1] == timed[1][1]
    import_agenda(None, db.session.get_one(Meeting, cast.meeting_id), read_agenda(
        AGENDA.replace("16-17 June", "17-18 June").replace("June 16", "June 17").encode()))
    postponed = told(cast)[1]
    assert (postponed[1], postponed[2], postponed[3].date()) == (timed[1][1], 2, date(2026, 6, 17))
    assert told(cast)[1] == postponed


def test_each_has_the_slots_of_the_own_sessions_and_names_of_the_own(cast: Cast) -> None:
    agenda = AGENDA.replace("1B. Keeping", "Slot 2: Keeping\n\n2A. Keeping")
    import_agenda(None, db.session.get_one(Meeting, cast.meeting_id), read_agenda(agenda.encode()))
    set_hours(cast, **{"starts-1.2": "11:00", "ends-1.2": "12:00"})
    invite_people(cast.viewer("ada"), parse_invitations(
        "name,email,sessions\nPia,pia@example.org,2A\n", codes={"2A": cast.forum_session("2A").id}).people,
        send_mail=False)
    assert [uid.split("-")[-1] for _, uid, *_ in told(cast, "pia")] == ["1.2@localhost"]
    assert [uid.split("-")[-1] for _, uid, *_ in told(cast)] == ["1.1@localhost", "1.2@localhost"]
    assert {uid for _, uid, *_ in told(cast)}.isdisjoint({uid for _, uid, *_ in told(cast, "pia")})
    # Other sessions: one slot is cancelled, the other comes; and back again with numbers that grow.
    for codes, expected in (("1A", [("REQUEST", 0), ("CANCEL", 1)]), ("2A", [("CANCEL", 1), ("REQUEST", 2)])):
        invite_people(cast.viewer("ada"), parse_invitations(
            f"name,email,sessions\nPia,pia@example.org,{codes}\n",
            codes={code: cast.forum_session(code).id for code in ("1A", "2A")}).people, send_mail=False)
        assert [(method, sequence) for method, _, sequence, *_ in told(cast, "pia")] == expected


def test_mails_carry_the_entries_and_a_removed_person_gets_them_cancelled(cast: Cast, app: Flask) -> None:
    box = Mailbox()
    use(app, box.url)
    try:
        set_hours(cast)
        send_wave(cast.viewer("ada"), MailKind.INVITATION, None)
        send_queued_mail()
        invited, = parts(box.newest_to("dov@example.org"))
        assert (invited[0], invited[2]) == ("REQUEST", 0)
        revoke_membership(cast.viewer("ada"), place(cast).id)
        send_queued_mail()
        mail = box.newest_to("dov@example.org", count=2)
        assert mail["Subject"] == "Cancelled: Cells that stay"
        cancelled, = parts(mail)
        assert (cancelled[0], cancelled[1], cancelled[2]) == ("CANCEL", invited[1], 1)
        assert (cancelled[3], cancelled[4]) == (invited[3], invited[4])
    finally:
        box.stop()
    # Somebody whose calendar knows nothing gets no mail.
    revoke_membership(cast.viewer("ada"), cast.viewer("olu").membership_id)
    assert send_queued_mail() == 0


@pytest.mark.parametrize("name", ["O'Brien, \"Shiv\"; PhD:", "李 小龍", "مريم علي", "x" * 200, "A\\B^'c"])
def test_odd_names_make_files_that_read_back(cast: Cast, name: str) -> None:
    text = 'name,email\n"{}",odd+1@example.org\n'.format(name.replace('"', '""'))
    invited, = invite_people(cast.viewer("ada"), parse_invitations(text, codes={}).people, send_mail=False)
    file, = calendar_files(invited)
    event, = Calendar.from_ical(file.content).walk("VEVENT")
    assert str(event["ATTENDEE"]) == "mailto:odd+1@example.org"
    assert event["ATTENDEE"].params["CN"] == name.replace('"', "'")
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert str(event["ORGANIZER"]) == "mailto:no-reply@localhost"


@pytest.mark.parametrize(("changed", "field"), [
    ({"time_zone": "Mars/Olympus"}, "time_zone"), ({"time_zone": ""}, "time_zone"),
    ({"ends-1.1": ""}, "starts-1.1"), ({"ends-1.1": "09:00"}, "starts-1.1"), ({"starts-1.1": "25:00"}, "starts-1.1"),
    ({"starts-1.1": "9"}, "starts-1.1"), ({"time_zone": "../../etc/passwd"}, "time_zone")])
def test_wrong_hours_are_refused_and_nothing_is_stored(
        cast: Cast, whole_database, changed: dict[str, str], field: str) -> None:
    before = whole_database()
    with pytest.raises(Invalid) as refused:
        set_hours(cast, **changed)
    assert list(refused.value.errors) == [field]
    assert whole_database() == before


def test_failed_attempt_changes_no_number(cast: Cast, app: Flask) -> None:
    use(app, "smtp://127.0.0.1:1")
    send_wave(cast.viewer("ada"), MailKind.INVITATION, None)
    send_queued_mail()
    assert [(entry.key, entry.sequence) for entry in db.session.scalars(db.select(CalendarEntry))] in (
        [], [("1", 0)])
    assert told(cast)[0][2] == 0
