"""What a real mail server is given: names in every script, subjects to the letter, zones as the clocks show them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from icalendar import Calendar

from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.people import queries
from sigforum.people.calendars import calendar_files
from sigforum.people.composing import trial_message
from sigforum.people.domain import MailKind
from sigforum.people.hours import save_hours
from sigforum.people.mail import send_queued_mail
from sigforum.people.outbox import save_wording, send_test, send_wave
from sigforum.people.smtp import PostOffice
from tests.casting import Cast
from tests.people.test_mail import invite, mails
from tests.serving import Mailbox, free_port

SUBJECTS = (
    "Changed: Будущее CAR-T-терапии: экспертная встреча в Алматы и Ташкенте, 16–17 июня 2026 года",
    "[Test] Invitation: Přehled a budoucnost buněčné terapie CAR-T: odborná konference v Praze, Brně a Ústí nad Labem, "
    "červen 2026",
    "Invitation: Reunión buněčné Brně meeting Ústí Qualität,",
    "Invitation: " + "a plain subject that goes on and on " * 4 + "to its end",
    "細胞治療の将来 細胞治療の将来 細胞治療の将来 細胞治療の将来 細胞治療の将来",
)


class OldServer:
    """A mail server that knows no SMTPUTF8 and keeps the bytes it is given."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=False)
        self.controller.start()

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        """aiosmtpd's name for: here is a mail."""
        self.taken.append((envelope.rcpt_tos, envelope.content))
        return "250 kept"


@pytest.fixture
def old_server(app: Flask):
    """The application sends through a server of the old kind, under a name with an umlaut."""
    server = OldServer()
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp_url=f"smtp://127.0.0.1:{server.controller.port}",
                                     mail_from="Büro für Konsens <forum@example.org>")
    yield server
    server.controller.stop()


@pytest.fixture
def mailbox(app: Flask):
    """A real mail server, and the application told of it."""
    box = Mailbox()
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp_url=box.url)
    yield box
    box.controller.stop()


def test_senders_name_with_an_umlaut_is_sent_in_plain_bytes(cast: Cast, old_server: OldServer) -> None:
    invite(cast, "name,email\nZoë Ünal,zoe@example.org\nDom Ain,dom@bücher.example\n")
    send_queued_mail()
    assert [state for _, state, _ in mails()] == ["sent", "sent"]
    assert [to for to, _ in old_server.taken] == [["zoe@example.org"], ["dom@xn--bcher-kva.example"]]
    for _, content in old_server.taken:
        head = content.partition(b"\r\n\r\n")[0]
        assert head.isascii()
        assert b"=?utf-8?" in head
        assert b"<forum@example.org>" in head


def test_address_that_the_server_cannot_take_is_the_only_one_that_fails(cast: Cast, old_server: OldServer) -> None:
    invite(cast, "name,email\nÜmlaut,ümlaut@example.org\nLast,last@example.org\n")
    send_queued_mail()
    assert [(address, state) for address, state, _ in mails()] == [
        ("ümlaut@example.org", "bounced"), ("last@example.org", "sent")]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subjects_arrive_to_the_letter(cast: Cast, mailbox: Mailbox, subject: str) -> None:
    ada, is_test = cast.viewer("ada"), subject.startswith("[Test] ")
    save_wording(ada, MailKind.CHANGE, subject=subject.removeprefix("[Test] "), text="Words")
    if is_test:
        send_test(ada, MailKind.CHANGE)
    else:
        send_wave(ada, MailKind.CHANGE, {ada.membership_id})
    assert send_queued_mail() == 1
    assert str(mailbox.newest_to("ada@example.org")["Subject"]) == subject


def test_trial_mail_of_a_sender_with_an_umlaut_is_plain(app: Flask, old_server: OldServer) -> None:
    with PostOffice(app.config["SETTINGS"]) as office:
        office.hand_over(trial_message("new@example.org"))
    assert old_server.taken[0][1].partition(b"\r\n\r\n")[0].isascii()


def offset_by_file(content: bytes, moment: datetime) -> timedelta:
    """What a client reckons that knows no zone by name but only the rules in the file."""
    rules, = Calendar.from_ical(content).walk("VTIMEZONE")
    offset = moment.replace(tzinfo=rules.to_tz(lookup_tzid=False)).utcoffset()
    assert offset is not None
    return offset


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "Africa/El_Aaiun", "Europe/Berlin", "America/Santiago",
                                  "Asia/Gaza", "Australia/Lord_Howe"])
@pytest.mark.parametrize("day", [date(2027, 2, 10), date(2026, 3, 1), date(2026, 6, 16), date(2026, 11, 3)])
def test_zone_in_a_file_agrees_with_its_clocks(cast: Cast, zone: str, day: date) -> None:
    ada, meeting = cast.viewer("ada"), db.session.get_one(Meeting, cast.meeting_id)
    save_hours(ada, meeting, {"time_zone": zone, "starts-1.1": "09:00", "ends-1.1": "10:30"})
    meeting.days[0].held_on = day
    db.session.commit()
    content = calendar_files(queries.membership(cast.person("dov").id, meeting_id=cast.meeting_id))[0].content
    moment = datetime(day.year, day.month, day.day, 9)
    assert offset_by_file(content, moment) == moment.replace(tzinfo=ZoneInfo(zone)).utcoffset()
