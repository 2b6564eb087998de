"""Reads of people; a meeting is always reached through somebody's membership."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import joinedload

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import NotFound
from sigforum.kernel.ids import token_hash
from sigforum.people.domain import (
    GONE,
    MailKind,
    MailState,
    MembershipStatus,
    Role,
    ShownPerson,
    normal_email,
)
from sigforum.people.inviting_models import MeetingCalendar
from sigforum.people.models import Membership, OutgoingMail, Person, SignIn, SignInLink


def person_by_email(email: str) -> Person | None:
    """The person with this address, however it was typed."""
    return db.session.scalar(select(Person).where(Person.email == normal_email(email)))


def known_person(person_id: int) -> Person | None:
    """The person, if there is something here for them to sign in to: a meeting, or the right to make one."""
    person = db.session.get(Person, person_id)
    if person is None or person.erased_at is not None or not (person.is_host or memberships_of(person.id)):
        return None
    return person


def sign_in_by_token(token: str) -> SignIn | None:
    """The live sign-in of a browser's token."""
    return db.session.scalar(
        select(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.revoked_at.is_(None)))


def sign_ins(person_id: int) -> list[SignIn]:
    """A person's signed-in browsers, newest first."""
    return list(db.session.scalars(
        select(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
        .order_by(SignIn.id.desc())))


def usable_link(token: str) -> SignInLink | None:
    """The link of a token, if it can sign somebody in now."""
    link, moment = known_link(token), now()
    if link is None or link.expires_at <= moment or (link.is_single_use and link.used_at):
        return None
    if link.starts_at is not None and link.starts_at > moment:
        return None
    return link


def known_link(token: str) -> SignInLink | None:
    """The link of a token, used and expired ones included."""
    return db.session.scalar(select(SignInLink).where(SignInLink.token_hash == token_hash(token)))


def place_of_link(link: SignInLink) -> Membership | None:
    """The place in a meeting that a link was sent for; None for one that only signs in."""
    if link.meeting_id is None:
        return None
    return db.session.scalars(select(Membership).where(
        Membership.person_id == link.person_id, Membership.meeting_id == link.meeting_id)).unique().one_or_none()


def membership(person_id: int, *, slug: str | None = None, meeting_id: int | None = None) -> Membership:
    """A person's live membership of a meeting. Raises NotFound: a stranger learns of no meeting."""
    name, wanted = ("slug", slug) if slug is not None else ("id", meeting_id)
    found = db.session.scalars(_live_membership(name), {"person": person_id, "wanted": wanted}).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


@cache
def _live_membership(name: str) -> Select[Membership]:
    """All that a viewer is made of, in one query. Every request and every socket event asks it, and to build it
    would take as long as to answer it."""
    return select(Membership).where(
        Membership.person_id == bindparam("person"), Membership.status.not_in(GONE),
        Membership.meeting.has(**{name: bindparam("wanted")})).options(
            joinedload(Membership.meeting), joinedload(Membership.assignments))


def memberships_of(person_id: int) -> list[Membership]:
    """All live memberships of a person, newest meeting first."""
    return list(db.session.scalars(
        select(Membership).where(
            Membership.person_id == person_id, Membership.status.not_in(GONE))
        .order_by(Membership.meeting_id.desc())))


# The same as Membership.shown_name: until somebody has accepted, a meeting knows what its organizer wrote.
SHOWN_NAME = case(
    (Membership.accepted_at.is_not(None) | (Membership.status == MembershipStatus.ACCEPTED)
     | Membership.invited_name.is_(None), func.coalesce(Membership.name_here, Person.name)),
    else_=Membership.invited_name)
SHOWN_AFFILIATION = case(
    (Membership.accepted_at.is_not(None) | (Membership.status == MembershipStatus.ACCEPTED)
     | Membership.invited_name.is_(None), func.coalesce(Membership.affiliation_here, Person.affiliation)),
    else_=func.coalesce(Membership.invited_affiliation, ""))


def members(meeting_id: int) -> list[Membership]:
    """Everybody ever invited to a meeting, by name. Of two with one name the one invited first stands first, and not
    the one whose account is older."""
    return list(db.session.scalars(
        select(Membership).join(Person).where(Membership.meeting_id == meeting_id)
        .order_by(func.lower(SHOWN_NAME), Membership.id)))


def members_by_address(meeting_id: int) -> dict[str, Membership]:
    """The same by the address that the meeting knows, without those whose data was erased."""
    return {found.shown_address: found for found in members(meeting_id) if found.person.erased_at is None}


def member(meeting_id: int, membership_id: int) -> Membership:
    """One member of a meeting. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(Membership).where(Membership.meeting_id == meeting_id, Membership.id == membership_id))
    if found is None:
        raise NotFound("There is no such member in this meeting.")
    return found


def time_zone(meeting_id: int) -> str:
    """The zone of a meeting's clocks; empty where nobody set it, which is UTC."""
    found = db.session.get(MeetingCalendar, meeting_id)
    return found.time_zone or "" if found is not None else ""


def names_by_id(person_ids: Iterable[int], *, meeting_id: int) -> Mapping[int, str]:
    """The names of some people as a meeting may know them, in the order of the alphabet."""
    return {person_id: shown.name for person_id, shown in shown_people(meeting_id, person_ids).items()}


def shown_people(meeting_id: int, person_ids: Iterable[int]) -> Mapping[int, ShownPerson]:
    """How a meeting shows some people, in the order of the alphabet. One name is stored for all meetings, and another
    meeting's is not told here: it is what this meeting's organizer wrote, or what the person agreed to show here."""
    rows = db.session.execute(
        select(Person.id, SHOWN_NAME, SHOWN_AFFILIATION).outerjoin(
            Membership, (Membership.person_id == Person.id) & (Membership.meeting_id == meeting_id))
        .where(Person.id.in_(list(person_ids))).order_by(func.lower(SHOWN_NAME), Membership.id))
    return {person_id: ShownPerson(name=name, affiliation=affiliation) for person_id, name, affiliation in rows}


def organizers(meeting_id: int) -> list[Membership]:
    """The organizers of a meeting."""
    return [found for found in members(meeting_id)
            if found.role == Role.ORGANIZER and found.status not in GONE]


def mail_states(meeting_id: int) -> dict[int, OutgoingMail]:
    """The newest invitation or reminder by person, tests left out."""
    mails = db.session.scalars(
        select(OutgoingMail).where(
            OutgoingMail.meeting_id == meeting_id, OutgoingMail.is_test.is_(False),
            OutgoingMail.template.in_([MailKind.INVITATION, MailKind.REMINDER])).order_by(OutgoingMail.id))
    return {mail.person_id: mail for mail in mails}


def due_mail_ids(moment: datetime) -> list[int]:
    """Mails whose time to be sent has come, oldest first."""
    return list(db.session.scalars(
        select(OutgoingMail.id).where(OutgoingMail.state == MailState.QUEUED, OutgoingMail.due_at <= moment)
        .order_by(OutgoingMail.id)))
