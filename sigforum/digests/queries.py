"""Reads of choices: who wants mail how often, and for whom it is time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sigforum.agenda.models import Meeting
from sigforum.audit.models import AuditEntry
from sigforum.digests.domain import (
    APART,
    DEFAULT_HOUR,
    DEFAULT_PACE,
    GATHERED_FOR,
    REFUSED_FOR,
    Pace,
    last_daily_moment,
)
from sigforum.digests.happenings import NEWS
from sigforum.digests.models import DigestChoice, DigestHour, DigestWindow
from sigforum.extensions import db
from sigforum.people import queries as people
from sigforum.people.domain import DIGEST, MailState, MembershipStatus, Role
from sigforum.people.inviting_models import MeetingCalendar
from sigforum.people.models import Membership, OutgoingMail

TEMPLATE = DIGEST


@dataclass(frozen=True, kw_only=True)
class ShownChoice:
    """A meeting on the page of one's choices."""

    meeting: Meeting
    pace: Pace
    hour: int
    time_zone: str
    is_organizer: bool


@dataclass(frozen=True, kw_only=True)
class DueChoice:
    """A choice whose time has come; `told_up_to` as it was read, to see whether another worker was faster."""

    membership_id: int
    person_id: int
    pace: Pace
    told_up_to: int


def shown_choices(person_id: int) -> list[ShownChoice]:
    """The choices of a person in each meeting they take part in, newest meeting first."""
    found = []
    for one in people.memberships_of(person_id):
        if one.status == MembershipStatus.ACCEPTED:
            choice = db.session.get(DigestChoice, one.id)
            found.append(ShownChoice(
                meeting=one.meeting, pace=Pace(choice.pace) if choice else DEFAULT_PACE, hour=hour_of(one.meeting_id),
                time_zone=time_zone_of(one.meeting_id), is_organizer=one.role == Role.ORGANIZER))
    return found


def hour_of(meeting_id: int) -> int:
    """When a meeting's daily mails go out, by its own clock."""
    found = db.session.get(DigestHour, meeting_id)
    return DEFAULT_HOUR if found is None else found.hour


def time_zone_of(meeting_id: int) -> str:
    """The meeting's own clock; empty where nobody has set it, which is UTC."""
    found = db.session.get(MeetingCalendar, meeting_id)
    return found.time_zone if found is not None else ""


def new_members() -> Sequence[tuple[int, int]]:
    """Members of whom no choice is kept yet, and those who lost their place and have accepted anew since, as
    (membership, meeting). A sample's people are invented, and nobody writes to them."""
    rows = db.session.execute(
        select(Membership.id, Membership.meeting_id).join(Meeting, Meeting.id == Membership.meeting_id)
        .outerjoin(DigestChoice, DigestChoice.membership_id == Membership.id)
        .where(Membership.status == MembershipStatus.ACCEPTED, Meeting.is_sample.is_(False),
               DigestChoice.membership_id.is_(None) | (Membership.accepted_at > DigestChoice.looked_at))
        .order_by(Membership.id))
    return [(membership_id, meeting_id) for membership_id, meeting_id in rows]


def meetings_with_choices() -> Sequence[tuple[int, int, str]]:
    """The meetings in which somebody wants mail, as (meeting, hour, time zone)."""
    rows = db.session.execute(
        select(Membership.meeting_id, DigestHour.hour, MeetingCalendar.time_zone)
        .join(DigestChoice, DigestChoice.membership_id == Membership.id)
        .outerjoin(DigestHour, DigestHour.meeting_id == Membership.meeting_id)
        .outerjoin(MeetingCalendar, MeetingCalendar.meeting_id == Membership.meeting_id)
        .where(DigestChoice.pace != Pace.NEVER, Membership.status == MembershipStatus.ACCEPTED)
        .distinct().order_by(Membership.meeting_id))
    return [(meeting_id, DEFAULT_HOUR if hour is None else hour, zone or "") for meeting_id, hour, zone in rows]


def due_choices(meeting_id: int, *, hour: int, zone: str, at: datetime) -> list[DueChoice]:
    """Whose time has come: daily ones once a day, those at once a few minutes after something has happened."""
    is_daily = (DigestChoice.pace == Pace.DAILY) & (
        DigestChoice.looked_at < last_daily_moment(at, hour=hour, zone=zone))
    has_news = select(AuditEntry.id).where(
        AuditEntry.chain == meeting_id, AuditEntry.number > DigestChoice.told_up_to, AuditEntry.verb.in_(NEWS),
        AuditEntry.happened_at <= at - GATHERED_FOR).exists()
    is_refused = select(OutgoingMail.id).where(
        OutgoingMail.person_id == Membership.person_id, OutgoingMail.template == TEMPLATE,
        OutgoingMail.state == MailState.BOUNCED, OutgoingMail.queued_at > at - REFUSED_FOR).exists()
    is_at_once = (DigestChoice.pace == Pace.AT_ONCE) & (DigestChoice.looked_at <= at - APART) & has_news
    rows = db.session.execute(
        select(DigestChoice.membership_id, Membership.person_id, DigestChoice.pace, DigestChoice.told_up_to)
        .join(Membership, Membership.id == DigestChoice.membership_id)
        .where(Membership.meeting_id == meeting_id, Membership.status == MembershipStatus.ACCEPTED,
               is_daily | is_at_once, ~is_refused).order_by(DigestChoice.membership_id))
    return [DueChoice(membership_id=membership_id, person_id=person_id, pace=Pace(pace), told_up_to=told_up_to)
            for membership_id, person_id, pace, told_up_to in rows]


def unmarked_mails(meeting_id: int, person_ids: Sequence[int]) -> dict[int, int]:
    """The digests of which it is not stored yet what they are about, by person. There are some only inside the
    transaction that queues them."""
    rows = db.session.execute(
        select(OutgoingMail.person_id, OutgoingMail.id)
        .outerjoin(DigestWindow, DigestWindow.mail_id == OutgoingMail.id)
        .where(OutgoingMail.meeting_id == meeting_id, OutgoingMail.template == TEMPLATE,
               OutgoingMail.state == MailState.QUEUED, OutgoingMail.person_id.in_(person_ids),
               DigestWindow.mail_id.is_(None)))
    return dict(rows.all())


def waiting_mails(meeting_id: int, person_ids: Sequence[int]) -> dict[int, int]:
    """The mails that no worker has taken yet, by person; locked, so that none is taken before the commit."""
    rows = db.session.execute(
        select(OutgoingMail.person_id, OutgoingMail.id).join(DigestWindow, DigestWindow.mail_id == OutgoingMail.id)
        .where(OutgoingMail.meeting_id == meeting_id, OutgoingMail.template == TEMPLATE,
               OutgoingMail.state == MailState.QUEUED, OutgoingMail.person_id.in_(person_ids))
        .with_for_update(of=OutgoingMail))
    return dict(rows.all())
