"""Delivery reports that come back by mail (RFC 3464): which of our mails did not arrive, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from sqlalchemy import select

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.people.domain import MailState
from sigforum.people.models import OutgoingMail
from sigforum.transaction import transaction

LARGEST_REPORT = 1_000_000
LONGEST_REASON = 300
# A mail that may have arrived can come back; one that was refused at once, or withdrawn, cannot.
_MAY_COME_BACK = (MailState.SENT, MailState.UNSURE, MailState.HANDED)


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """That a mail, by its Message-ID, will not arrive, and the reason that its last server gave."""

    message_id: str
    reason: str


def read_bounce(content: bytes) -> Bounce | None:
    """What a delivery report says; None for any other mail, for news of a delay, and where the mail is not named.

    A mail is found by its Message-ID alone. Only its recipient and the servers on its way know it, so that nobody can
    have the mails of others marked by reports of their own making.
    """
    report = message_from_bytes(content[:LARGEST_REPORT], policy=policy.compat32)
    if report.get_content_type() != "multipart/report" or not report.is_multipart():
        return None
    reasons = [reason for part in report.walk() if part.get_content_type() == "message/delivery-status"
               for reason in _failures(part)]
    message_id = next(filter(None, map(_message_id, _returned(report))), "")
    return Bounce(message_id=message_id, reason=reasons[0]) if reasons and message_id else None


def note_bounce(bounce: Bounce) -> None:
    """Mark the mail as not delivered. Safe to repeat; a mail that is not ours changes nothing."""
    with transaction():
        mail = db.session.scalar(
            select(OutgoingMail).where(
                OutgoingMail.message_id == bounce.message_id, OutgoingMail.state.in_(_MAY_COME_BACK))
            .with_for_update(of=OutgoingMail))
        if mail is not None:
            record("mail_bounced", meeting_id=mail.meeting_id, actor_id=None, subject=f"person {mail.person_id}",
                   before=mail.state, after=MailState.BOUNCED)
            mail.state, mail.last_error = MailState.BOUNCED, bounce.reason


def _failures(part: Message) -> Iterator[str]:
    """Why a recipient of a report will not get the mail; nothing for recipients who only wait, or got it."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Message) and _word(block, "Action").lower() == "failed":
            kind, _, words = _word(block, "Diagnostic-Code").partition(";")
            reason = f"{_word(block, 'Status')} {words or kind}"
            yield " ".join(reason.split())[:LONGEST_REASON] or "It came back."


def _returned(report: Message) -> Iterator[Message]:
    """The mail that came back: whole, or its headers alone."""
    for part in report.walk():
        kind, content = part.get_content_type(), part.get_payload()
        if kind == "message/rfc822" and isinstance(content, list) and isinstance(content[0], Message):
            yield content[0]
        elif kind == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            yield message_from_bytes(headers if isinstance(headers, bytes) else b"")


def _message_id(mail: Message) -> str:
    return _word(mail, "Message-ID")


def _word(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())
