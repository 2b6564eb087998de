"""What can be done with people: making organizers, inviting, signing in and out, revoking."""

from collections.abc import Iterable

from sqlalchemy import select, update

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, Refusal
from sigforum.kernel.ids import new_token, token_hash
from sigforum.people import queries
from sigforum.people.domain import MembershipStatus, Role, Viewer, normal_email
from sigforum.people.events import MembershipChanged, MembershipRevoked, SignedOut
from sigforum.people.forms import InvitedPerson
from sigforum.people.jobs import wake_mail
from sigforum.people.models import Assignment, Membership, OutgoingMail, Person, SignIn, SignInLink
from sigforum.people.policy import check_manages_people
from sigforum.transaction import Transaction, transaction


def make_host(email: str, *, name: str) -> Person:
    """Let a person make meetings; the operator's command."""
    with transaction():
        person = _person(email, name=name, affiliation="")
        person.is_host = True
        record("host_made", meeting_id=None, actor_id=None, subject=f"person {person.id}")
    return person


def add_member(meeting_id: int, *, person: Person, role: Role, accepted: bool = False) -> Membership:
    """Give a known person a place in a meeting, without mail."""
    with transaction():
        membership = _membership(meeting_id, person)
        membership.role = role
        if accepted:
            _accept(membership)
    return membership


def invite_people(viewer: Viewer, invited: Iterable[InvitedPerson], *, send_mail: bool = True) -> list[Membership]:
    """Invite everyone on a checked list, all or none. People already here get the list's role and sessions."""
    check_manages_people(viewer)
    with transaction() as tx:
        memberships = []
        for row in invited:
            person = _person(row.email, name=row.name, affiliation=row.affiliation)
            membership = _membership(viewer.meeting_id, person)
            is_new = membership.status != MembershipStatus.ACCEPTED
            if membership.status == MembershipStatus.REVOKED:
                membership.status, membership.revoked_at = MembershipStatus.INVITED, None
            if person.id == viewer.person_id and row.role != Role.ORGANIZER:
                raise Conflict("The list would take your own organizer role away; leave your row out.")
            before = (membership.role, membership.viewer().assigned)
            if not is_new and before != (row.role, row.forum_session_ids):
                tx.publish(MembershipChanged(meeting_id=viewer.meeting_id, person_id=person.id))
            membership.role = row.role
            membership.stakeholder_group = row.stakeholder_group
            membership.assignments = [
                Assignment(forum_session_id=identifier) for identifier in sorted(row.forum_session_ids)]
            if send_mail and is_new:
                _queue_mail(tx, person=person, meeting_id=viewer.meeting_id, template="invitation")
            memberships.append(membership)
        record("people_invited", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"meeting {viewer.meeting_id}", people=[found.person_id for found in memberships])
    return memberships


def resend_invitation(viewer: Viewer, membership_id: int) -> Membership:
    """Queue the invitation again, with a fresh link."""
    check_manages_people(viewer)
    with transaction() as tx:
        membership = queries.member(viewer.meeting_id, membership_id)
        if membership.status == MembershipStatus.REVOKED:
            raise Conflict(f"{membership.person.name} has been removed. Invite them again by list.")
        _queue_mail(tx, person=membership.person, meeting_id=viewer.meeting_id, template="invitation")
        record("invitation_resent", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"person {membership.person_id}")
    return membership


def revoke_membership(viewer: Viewer, membership_id: int) -> Membership:
    """Remove a person from the meeting; what they said and voted stays. Safe to repeat."""
    check_manages_people(viewer)
    with transaction() as tx:
        membership = queries.member(viewer.meeting_id, membership_id)
        if membership.person_id == viewer.person_id:
            raise Conflict("You cannot remove yourself. Ask another organizer.")
        if membership.status != MembershipStatus.REVOKED:
            membership.status, membership.revoked_at = MembershipStatus.REVOKED, now()
            db.session.execute(update(OutgoingMail).where(
                OutgoingMail.person_id == membership.person_id, OutgoingMail.meeting_id == viewer.meeting_id,
                OutgoingMail.state == "queued").values(state="withdrawn"))
            tx.publish(MembershipRevoked(meeting_id=viewer.meeting_id, person_id=membership.person_id))
            record("membership_revoked", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
                   subject=f"person {membership.person_id}")
    return membership


def request_sign_in(email: str) -> None:
    """Mail a link to a known address. The answer is the same for an unknown one, and takes as long: both write
    a row, commit it and wake the worker."""
    with transaction() as tx:
        person = queries.person_by_email(email)
        memberships = queries.memberships_of(person.id if person else 0)
        is_known = person is not None and (person.is_host or bool(memberships))
        if person is not None and is_known:
            _queue_mail(tx, person=person, meeting_id=None, template="sign_in")
        else:
            record("sign_in_refused", meeting_id=None, actor_id=None, subject="an address that is not known")
            tx.after_commit(wake_mail)


def sign_in(token: str, *, browser: str) -> tuple[SignIn, str, SignInLink]:
    """Exchange a link for a signed-in browser: its row, its own token, and the link. Accepts invitations.

    Raises Refusal where the link is used, expired or unknown.
    """
    secret = new_token()
    with transaction():
        # Locked before it is read: of two uses at the same moment only one finds it unused.
        db.session.execute(
            select(SignInLink.id).where(SignInLink.token_hash == token_hash(token)).with_for_update())
        link = queries.usable_link(token)
        if link is None:
            raise Refusal("This link has been used or has expired. Ask for a new one.")
        link.used_at = now()
        signed_in = SignIn(person_id=link.person_id, token_hash=token_hash(secret), browser=browser[:200])
        db.session.add(signed_in)
        for membership in queries.memberships_of(link.person_id):
            _accept(membership)
        record("signed_in", meeting_id=link.meeting_id, actor_id=link.person_id,
               subject=f"person {link.person_id}")
    return signed_in, secret, link


def sign_out(person_id: int, *, sign_in_id: int | None = None) -> None:
    """Sign one browser out, or all of a person's."""
    with transaction() as tx:
        rows = update(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
        if sign_in_id is not None:
            rows = rows.where(SignIn.id == sign_in_id)
        db.session.execute(rows.values(revoked_at=now()))
        record("signed_out", meeting_id=None, actor_id=person_id, subject=f"person {person_id}")
        for membership in queries.memberships_of(person_id):
            tx.publish(SignedOut(meeting_id=membership.meeting_id, person_id=person_id))


def _person(email: str, *, name: str, affiliation: str) -> Person:
    person = queries.person_by_email(email)
    if person is None:
        person = Person(email=normal_email(email), name=name, affiliation=affiliation)
        db.session.add(person)
        db.session.flush()
    return person


def _membership(meeting_id: int, person: Person) -> Membership:
    membership = db.session.scalar(
        select(Membership).where(Membership.meeting_id == meeting_id, Membership.person_id == person.id))
    if membership is None:
        membership = Membership(
            meeting_id=meeting_id, person=person, role=Role.PARTICIPANT, status=MembershipStatus.INVITED)
        db.session.add(membership)
        db.session.flush()
    return membership


def _accept(membership: Membership) -> None:
    if membership.status == MembershipStatus.INVITED:
        membership.status, membership.accepted_at = MembershipStatus.ACCEPTED, now()


def _queue_mail(tx: Transaction, *, person: Person, meeting_id: int | None, template: str) -> None:
    db.session.add(OutgoingMail(person_id=person.id, meeting_id=meeting_id, template=template))
    tx.after_commit(wake_mail)
