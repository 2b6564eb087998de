"""Reports that come back after a server took a mail: each marks its mail once, and nothing else marks any."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from sigforum.audit.models import AuditEntry
from sigforum.extensions import db
from sigforum.people.actions import invite_people
from sigforum.people.bounces import read_bounce
from sigforum.people.cli import mail
from sigforum.people.forms import parse_invitations
from sigforum.people.mail import send_queued_mail
from sigforum.people.models import OutgoingMail
from tests.casting import Cast
from tests.people.test_mail import use
from tests.serving import Mailbox

# As a server at home writes it, with the whole mail; the answer of the far server is folded.
WITH_MAIL = """From: MAILER-DAEMON@mail.example.org
To: forum@example.org
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="one"

--one
Content-Type: text/plain; charset=utf-8

Your mail could not be delivered.

--one
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Tue, 16 Jun 2026 09:00:00 +0000

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 no such
    mailbox here

--one
Content-Type: message/rfc822

From: forum@example.org
To: {address}
Message-ID: {message_id}
Subject: Invitation

Come.
--one--
"""
# As another product writes it: headers alone, in base64, other cases of letters, and no diagnostic words.
WITH_HEADERS = """From: postmaster@example.com
To: forum@example.org
Subject: Delivery failed
MIME-Version: 1.0
Content-Type: Multipart/Report; report-type="delivery-status";
 boundary="====two===="

--====two====
Content-Type: text/html

<p>Failed.</p>
--====two====
Content-Type: message/delivery-status

Reporting-MTA: dns;example.com

Final-recipient: RFC822;{address}
Action: Failed
Status: 5.2.2

--====two====
Content-Type: text/rfc822-headers

Received: from one by two
MESSAGE-ID:
 {message_id}
To: {address}

--====two====--
"""
ADDRESS = "new@example.org"


@pytest.fixture
def sent(cast: Cast, app: Flask) -> str:
    """The Message-ID of an invitation that a server has taken."""
    box = Mailbox()
    try:
        use(app, box.url)
        invite_people(cast.viewer("ada"), parse_invitations(f"name,email\nNew,{ADDRESS}\nOther,other@example.org\n",
                                                            codes={}).people)
        assert send_queued_mail() == 2
        return str(box.to(ADDRESS)[0]["Message-ID"])
    finally:
        box.stop()


def report(app: Flask, text: str | bytes) -> tuple[int, str]:
    """What the command answers to a mail."""
    done = app.test_cli_runner().invoke(mail, ["bounced"], input=text)
    return done.exit_code, done.output


def states() -> list[tuple[str, str, str]]:
    db.session.expire_all()
    return sorted((one.person.email, one.state, one.last_error) for one in db.session.scalars(select(OutgoingMail)))


@pytest.mark.both_databases
@pytest.mark.parametrize(("text", "reason"), [
    (WITH_MAIL, "5.1.1 550 5.1.1 no such mailbox here"), (WITH_HEADERS, "5.2.2")], ids=["mail", "headers"])
def test_report_marks_its_mail_with_the_reason_and_once(
        cast: Cast, app: Flask, sent: str, sign_in, text: str, reason: str) -> None:
    people = f"/meetings/{cast.slug}/people"
    browser = sign_in(cast.person("ada"))
    assert "Not delivered" not in browser.get(people).get_data(as_text=True)
    for _ in range(2):
        # Servers end lines in either way.
        for ends in ("\n", "\r\n"):
            filled = text.format(address=ADDRESS, message_id=sent).replace("\n", ends)
            assert report(app, filled) == (0, "The mail was read.\n")
    assert states() == [(ADDRESS, "bounced", reason), ("other@example.org", "sent", "")]
    entries = [one for one in db.session.scalars(select(AuditEntry)) if one.verb == "mail_bounced"]
    assert [(one.detail["before"], one.detail["after"]) for one in entries] == [("sent", "bounced")]
    page = browser.get(people).get_data(as_text=True)
    assert "Not delivered" in page
    assert reason in page
    # It can be sent again.
    assert ADDRESS in browser.get(f"{people}/outbox/invitation").get_data(as_text=True)


@pytest.mark.parametrize("change", [
    ("Action: failed", "Action: delayed"), ("Action: failed", "Action: delivered"), ("Action: failed", ""),
    ("multipart/report", "multipart/mixed"), ("Message-ID: ", "X-Message-ID: "), ("Message-ID: <", "Message-ID: <x"),
    ("message/delivery-status", "text/plain")], ids=str)
def test_other_mails_and_unknown_ones_change_nothing_and_hear_the_same(
        app: Flask, cast: Cast, sent: str, whole_database, change: tuple[str, str]) -> None:
    text = WITH_MAIL.format(address=ADDRESS, message_id=sent)
    assert change[0] in text
    before = whole_database()
    assert report(app, text.replace(*change)) == (0, "The mail was read.\n")
    assert whole_database() == before


@pytest.mark.parametrize("text", [b"", b"\0\xff" * 2000, b"Content-Type: multipart/report\n\n", b"hello\n",
                                  b"Content-Type: multipart/report; boundary=a\n\n--a\nContent-Type: message/rfc822\n"],
                         ids=["nothing", "bytes", "no parts", "words", "cut off"])
def test_broken_mails_are_read_to_the_end(app: Flask, cast: Cast, text: bytes) -> None:
    assert read_bounce(text) is None
    assert report(app, text) == (0, "The mail was read.\n")


def test_reason_is_short_and_one_line() -> None:
    found = read_bounce(WITH_MAIL.format(address=ADDRESS, message_id="<a@b>").replace(
        "no such\n", "x" * 5000 + "\n").encode())
    assert found is not None
    assert (len(found.reason), "\n" in found.reason) == (300, False)


def test_report_is_read_from_a_file_too(app: Flask, cast: Cast, sent: str, tmp_path: Path) -> None:
    file = tmp_path / "report.eml"
    file.write_text(WITH_MAIL.format(address=ADDRESS, message_id=sent))
    assert app.test_cli_runner().invoke(mail, ["bounced", str(file)]).exit_code == 0
    assert states()[0][1] == "bounced"
