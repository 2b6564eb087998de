"""Reads of people; a meeting is always reached through somebody's membership."""

from sqlalchemy import func, select

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import NotFound
from sigforum.kernel.ids import token_hash
from sigforum.people.domain import MembershipStatus, Role, Voter, normal_email
from sigforum.people.models import Assignment, Membership, OutgoingMail, Person, SignIn, SignInLink


def person_by_email(email: str) -> Person | None:
    """The person with this address, however it was typed."""
    return db.session.scalar(select(Person).where(Person.email == normal_email(email)))


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
    """The link of a token, if it can still sign somebody in."""
    link = known_link(token)
    if link is None or link.expires_at <= now() or (link.is_single_use and link.used_at):
        return None
    return link


def known_link(token: str) -> SignInLink | None:
    """The link of a token, used and expired ones included."""
    return db.session.scalar(select(SignInLink).where(SignInLink.token_hash == token_hash(token)))


def membership(person_id: int, *, slug: str | None = None, meeting_id: int | None = None) -> Membership:
    """A person's live membership of a meeting. Raises NotFound: a stranger learns of no meeting."""
    criteria = {"slug": slug} if slug is not None else {"id": meeting_id}
    found = db.session.scalar(
        select(Membership).where(
            Membership.person_id == person_id, Membership.status != MembershipStatus.REVOKED,
            Membership.meeting.has(**criteria)))
    if found is None:
        raise NotFound()
    return found


def is_member(person_id: int, meeting_id: int) -> bool:
    """Whether a person is a live member of a meeting at this moment."""
    return db.session.scalar(select(Membership.id).where(
        Membership.person_id == person_id, Membership.meeting_id == meeting_id,
        Membership.status != MembershipStatus.REVOKED)) is not None


def memberships_of(person_id: int) -> list[Membership]:
    """All live memberships of a person, newest meeting first."""
    return list(db.session.scalars(
        select(Membership).where(
            Membership.person_id == person_id, Membership.status != MembershipStatus.REVOKED)
        .order_by(Membership.meeting_id.desc())))


def members(meeting_id: int) -> list[Membership]:
    """Everybody ever invited to a meeting, by name."""
    return list(db.session.scalars(
        select(Membership).join(Person).where(Membership.meeting_id == meeting_id)
        .order_by(func.lower(Person.name), Person.id)))


def member(meeting_id: int, membership_id: int) -> Membership:
    """One member of a meeting. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(Membership).where(Membership.meeting_id == meeting_id, Membership.id == membership_id))
    if found is None:
        raise NotFound("There is no such member in this meeting.")
    return found


def voters(meeting_id: int, forum_session_id: int) -> list[Voter]:
    """Who is invited to vote in a forum session, whether accepted or not yet.

    The same people whom `Viewer.votes_in` lets vote, found in one query: tallies ask for them all the time.
    """
    is_assigned = Membership.assignments.any(Assignment.forum_session_id == forum_session_id)
    rows = db.session.execute(
        select(Membership.person_id, Membership.stakeholder_group, Membership.status).where(
            Membership.meeting_id == meeting_id, Membership.role == Role.PARTICIPANT,
            Membership.status != MembershipStatus.REVOKED, is_assigned | ~Membership.assignments.any())
        .order_by(Membership.person_id))
    return [Voter(person_id=person_id, stakeholder_group=group, status=MembershipStatus(status))
            for person_id, group, status in rows]


def organizers(meeting_id: int) -> list[Membership]:
    """The organizers of a meeting."""
    return [found for found in members(meeting_id)
            if found.role == Role.ORGANIZER and found.status != MembershipStatus.REVOKED]


def mail_states(meeting_id: int) -> dict[int, OutgoingMail]:
    """The newest mail about a meeting by person."""
    mails = db.session.scalars(
        select(OutgoingMail).where(OutgoingMail.meeting_id == meeting_id).order_by(OutgoingMail.id))
    return {mail.person_id: mail for mail in mails}


def queued_mail_ids() -> list[int]:
    """Mails that wait to be sent, oldest first."""
    return list(db.session.scalars(
        select(OutgoingMail.id).where(OutgoingMail.state == "queued").order_by(OutgoingMail.id)))
