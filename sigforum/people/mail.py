"""Sending the mails that wait: by SMTP, or on the worker's terminal where no mail is set up."""

import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app, render_template
from sqlalchemy import select, update

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people import queries
from sigforum.people.links import make_link
from sigforum.people.models import Membership, OutgoingMail
from sigforum.settings import Settings
from sigforum.transaction import transaction

MOST_ATTEMPTS = 5


def send_queued_mail() -> int:
    """Send every waiting mail once; how many went out. A failure is kept with its reason and tried again."""
    sent = 0
    for identifier in queries.queued_mail_ids():
        sent += _send_one(identifier)
    return sent


def requeue_interrupted() -> None:
    """Put back what a worker was sending when it was killed: rather a mail twice than an invitation lost."""
    with transaction():
        db.session.execute(
            update(OutgoingMail).where(OutgoingMail.state == "sending").values(state="queued"))


def _send_one(identifier: int) -> bool:
    if not _claim(identifier):
        return False
    try:
        _deliver(_message(db.session.get_one(OutgoingMail, identifier)))
        failure = ""
    except (OSError, smtplib.SMTPException) as problem:
        failure = str(problem) or type(problem).__name__
    except Exception as problem:
        # Whatever is wrong with this mail, those behind it go out.
        current_app.logger.exception("mail %s could not be made", identifier)
        failure = f"It could not be made: {type(problem).__name__}"
    with transaction():
        mail = db.session.get_one(OutgoingMail, identifier)
        mail.last_error = failure
        if not failure:
            mail.state, mail.sent_at = "sent", now()
        else:
            mail.state = "queued" if mail.attempts < MOST_ATTEMPTS else "failed"
    return not failure


def _claim(identifier: int) -> bool:
    """Take a mail for this thread alone; two wake-ups at the same moment must not send it twice."""
    with transaction():
        claimed = db.session.scalar(
            update(OutgoingMail).where(OutgoingMail.id == identifier, OutgoingMail.state == "queued")
            .values(state="sending", attempts=OutgoingMail.attempts + 1).returning(OutgoingMail.id))
    return claimed is not None


def _message(mail: OutgoingMail) -> EmailMessage:
    """The text of a mail, with a link made at this moment."""
    settings: Settings = current_app.config["SETTINGS"]
    membership = db.session.scalar(
        select(Membership).where(
            Membership.person_id == mail.person_id, Membership.meeting_id == mail.meeting_id))
    is_invitation = mail.template == "invitation"
    lifetime = (timedelta(days=settings.invitation_days) if is_invitation
                else timedelta(minutes=settings.sign_in_minutes))
    text = render_template(
        f"people/mail/{mail.template}.txt", person=mail.person, membership=membership, settings=settings,
        link=make_link(mail.person, meeting_id=mail.meeting_id, lifetime=lifetime))
    subject, _, body = text.partition("\n")
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = mail.person.email
    message["Subject"] = subject.removeprefix("Subject:").strip()
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=parseaddr(settings.mail_from)[1].rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.lstrip("\n"))
    return message


def _deliver(message: EmailMessage) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.smtp_url:
        print(f"\n--- mail (no SMTP server is set up) ---\n{message}\n---", flush=True)
        return
    server = urlsplit(settings.smtp_url)
    is_tls = server.scheme == "smtps"
    connect = smtplib.SMTP_SSL if is_tls else smtplib.SMTP
    with connect(server.hostname or "", server.port or (465 if is_tls else 25), timeout=20) as smtp:
        if not is_tls and "starttls" in parse_qs(server.query, keep_blank_values=True):
            smtp.starttls(context=ssl.create_default_context())
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)
