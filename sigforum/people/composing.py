"""Making a mail out of its row: the words, the person's values, a link of this moment, and calendar entries."""

from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from flask import current_app, render_template
from sqlalchemy import select

from sigforum.extensions import db
from sigforum.people.address_tokens import address_token
from sigforum.people.calendars import CalendarFile, calendar_files, calendar_samples
from sigforum.people.codes import code_for_mail
from sigforum.people.domain import DIGEST, GONE, MailKind, MailParts, MembershipStatus, Role
from sigforum.people.headers import own_domain, written_address
from sigforum.people.hooks import digest_parts
from sigforum.people.inviting_models import MailWording
from sigforum.people.links import make_link
from sigforum.people.models import Membership, OutgoingMail
from sigforum.people.wording import DEFAULTS, NEEDS_LINK, Wording, filled
from sigforum.settings import Settings
from sigforum.web.rendering import date_range

# Mails that also tell calendars.
_WITH_CALENDAR = frozenset({MailKind.INVITATION, MailKind.CHANGE})
# Told to somebody who has lost the place, so that the calendar forgets the meeting too.
REMOVED = "removed"
SIGN_IN = "sign_in"
# Told to the owner of a card, whatever becomes of their place: no organizer takes these mails back.
CARD_PRINTED, CARD_USED = "card_printed", "card_used"
# To a new address, to see whether it is the person's; and to the one before, when it was.
ADDRESS_TO_CONFIRM, ADDRESS_CHANGED = "address_to_confirm", "address_changed"
_KINDS = frozenset(kind.value for kind in MailKind)


def compose(mail: OutgoingMail) -> EmailMessage | None:
    """The mail of a row, or None where nobody is to be written to any more."""
    membership = db.session.scalar(
        select(Membership).where(
            Membership.person_id == mail.person_id, Membership.meeting_id == mail.meeting_id))
    if mail.template in _KINDS:
        if membership is None or not _is_wanted(mail, membership):
            return None
        return _written(mail, membership)
    if mail.template == REMOVED:
        if membership is None:
            return None
        words = _plain(mail, membership, link="")
        return _message(mail, words, calendar_files(membership, is_cancelled=True))
    if mail.template == SIGN_IN:
        link = make_link(mail.person, lifetime=timedelta(minutes=_settings().sign_in_minutes))
        return _message(mail, _plain(mail, membership, link=link, code=code_for_mail(mail, link=link)), [])
    if mail.template == ADDRESS_TO_CONFIRM:
        link = f"{_settings().base_url}/account/address/{address_token(mail.person, mail.address or '')}"
        return _message(mail, _plain(mail, membership, link=link), [])
    if mail.template in (CARD_PRINTED, CARD_USED) and membership is None:
        return None
    if mail.template == DIGEST:
        parts = digest_parts.first(mail)
        return _of_parts(mail, parts) if parts is not None else None
    return _message(mail, _plain(mail, membership, link=""), [])


def trial_message(address: str) -> EmailMessage:
    """A mail that says it arrived, for `sigforum mail test`."""
    settings = _settings()
    return _bare(address, Wording(subject="sigforum can send mail", text=(
        f"This mail was sent by `sigforum mail test`. It arrived, so invitations from {settings.base_url} can arrive "
        "too.\n")), message_id=make_msgid(domain=own_domain(settings.mail_from)))


def values_for(membership: Membership, *, link: str) -> Mapping[str, str]:
    """What the placeholders stand for in one person's mail."""
    settings, meeting = _settings(), membership.meeting
    return {
        "name": membership.shown_name, "affiliation": membership.shown_affiliation,
        "group": membership.stakeholder_group, "role": membership.role, "sessions": _sessions(membership),
        "meeting": meeting.title, "dates": date_range(meeting.start_on, meeting.end_on),
        "organizer": _organizer_name(membership.meeting_id), "link": link, "link_days": str(settings.invitation_days),
        "sign_in_page": f"{settings.base_url}/sign-in"}


def _sessions(membership: Membership) -> str:
    """The codes of somebody's sessions. Whoever had some, and none is left on the agenda, can write nowhere."""
    if not membership.assignments:
        return "all sessions"
    codes = {found.id: found.code for found in membership.meeting.forum_sessions}
    own = sorted(codes[found.forum_session_id] for found in membership.assignments if found.forum_session_id in codes)
    return ", ".join(own) or "none that is still on the agenda"


def filled_wording(wording: Wording, membership: Membership, *, link: str) -> Wording:
    """A mail's words as one person will read them."""
    values = values_for(membership, link=link)
    return Wording(subject=filled(wording.subject, values, is_one_line=True), text=filled(wording.text, values))


def wording_in_force(meeting_id: int, kind: MailKind) -> tuple[int | None, Wording]:
    """The newest words of a meeting's mail, and their version's id; None is what comes with sigforum."""
    found = db.session.scalars(
        select(MailWording).where(MailWording.meeting_id == meeting_id, MailWording.kind == kind)
        .order_by(MailWording.number.desc()).limit(1)).one_or_none()
    if found is None:
        return None, DEFAULTS[kind]
    return found.id, Wording(subject=found.subject, text=found.text)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _is_wanted(mail: OutgoingMail, membership: Membership) -> bool:
    """What was true when the mail was queued may be over: somebody removed, or a reminder already answered."""
    if mail.is_test:
        return True
    if mail.template in NEEDS_LINK:
        return membership.status == MembershipStatus.INVITED
    return membership.status not in GONE


def _written(mail: OutgoingMail, membership: Membership) -> EmailMessage:
    settings, kind = _settings(), MailKind(mail.template)
    stored = db.session.get(MailWording, mail.wording_id) if mail.wording_id else None
    wording = Wording(subject=stored.subject, text=stored.text) if stored else DEFAULTS[kind]
    if mail.is_test:
        # A test shows how it looks; a real link in it would be one more key to an organizer's account.
        words = filled_wording(wording, membership, link=f"{settings.base_url}/sign-in")
        files = calendar_samples(membership) if kind in _WITH_CALENDAR else []
        return _message(mail, Wording(subject=f"[Test] {words.subject}", text=words.text), files)
    link = make_link(mail.person, meeting_id=mail.meeting_id, lifetime=timedelta(days=settings.invitation_days))
    files = calendar_files(membership) if kind in _WITH_CALENDAR else []
    return _message(mail, filled_wording(wording, membership, link=link), files)


def _plain(mail: OutgoingMail, membership: Membership | None, *, link: str, code: str = "") -> Wording:
    text = render_template(f"people/mail/{mail.template}.txt", person=mail.person, membership=membership,
                           settings=_settings(), link=link, code=code)
    subject, _, body = text.partition("\n")
    return Wording(subject=subject.removeprefix("Subject:").strip(), text=body.lstrip("\n"))


def _message(mail: OutgoingMail, words: Wording, files: list[CalendarFile]) -> EmailMessage:
    message = _bare(mail.address or mail.person.email, words, message_id=mail.message_id)
    for file in files:
        # Each event is a part of its own: by the standard one request speaks of one event.
        message.add_attachment(file.content.decode(), subtype="calendar", filename=file.name,
                               params={"method": file.method})
    return message


def _of_parts(mail: OutgoingMail, parts: MailParts) -> EmailMessage:
    """A mail of another feature: text, and beside it HTML."""
    message = _bare(mail.person.email, Wording(subject=parts.subject, text=parts.text), message_id=mail.message_id)
    for name, value in parts.headers.items():
        message[name] = value
    message.add_alternative(parts.html, subtype="html")
    return message


def _bare(address: str, words: Wording, *, message_id: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = written_address(_settings().mail_from)
    message["To"] = written_address(address)
    message["Subject"] = words.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.text)
    return message


def _organizer_name(meeting_id: int) -> str:
    found = db.session.scalars(
        select(Membership).where(
            Membership.meeting_id == meeting_id, Membership.role == Role.ORGANIZER,
            Membership.status == MembershipStatus.ACCEPTED).order_by(Membership.id).limit(1)).first()
    return found.shown_name if found else ""
