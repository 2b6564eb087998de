"""What can be done with people: making organizers, inviting, signing in and out, revoking."""

from collections.abc import Iterable

from sqlalchemy import delete, select, update

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel import text
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict
from sigforum.people import queries
from sigforum.people.answering import accept, withdraw_mails
from sigforum.people.calendars import has_told_calendar
from sigforum.people.codes import ask_code
from sigforum.people.composing import REMOVED, SIGN_IN
from sigforum.people.domain import GONE, MailKind, MembershipStatus, Role, Viewer, normal_email
from sigforum.people.events import MembershipRevoked, SignedOut
from sigforum.people.forms import InvitedPerson
from sigforum.people.inviting import queue_mails, take_in
from sigforum.people.jobs import wake_mail
from sigforum.people.keeping_places import keep_place
from sigforum.people.models import Membership, OutgoingMail, Person, SignIn, SignInLink
from sigforum.people.policy import check_manages_people
from sigforum.people.signing_models import SecondStep
from sigforum.transaction import Transaction, transaction


def make_host(email: str, *, name: str) -> Person:
    """Let a person make meetings; the operator's command."""
    with transaction():
        person = _person(email, name=text.name(name), affiliation="")
        record("host_made", meeting_id=None, actor_id=None, subject=f"person {person.id}", before=bool(person.is_host),
               after=True)
        person.is_host = True
    return person


def add_member(meeting_id: int, *, person: Person, role: Role, accepted: bool = False) -> Membership:
    """Give a known person a place in a meeting, without mail."""
    with transaction():
        membership = _membership(meeting_id, person, role=role)
        if membership.role != role:
            keep_place(membership)
            membership.role = role
        if accepted:
            accept(membership)
    return membership


def invite_people(viewer: Viewer, invited: Iterable[InvitedPerson], *, send_mail: bool = True,
                  seen: str = "") -> list[Membership]:
    """Invite everyone on a checked list, all or none. People already here get the list's role and sessions. Raises
    Conflict where that is something else by now than the preview named `seen` showed."""
    check_manages_people(viewer)
    with transaction() as tx:
        return take_in(tx, viewer, list(invited), sends_mail=send_mail, seen=seen)


def resend_invitation(viewer: Viewer, membership_id: int) -> Membership:
    """Queue the invitation again, with a fresh link."""
    check_manages_people(viewer)
    with transaction() as tx:
        membership = queries.member(viewer.meeting_id, membership_id)
        if membership.status in GONE:
            raise Conflict(f"{membership.shown_name} has no place in this meeting any more. Invite them again by list.")
        queue_mails(tx, [membership], kind=MailKind.INVITATION)
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
            before = membership.status
            end_place(membership)
            withdraw_mails(membership)
            if has_told_calendar(membership):
                _queue_mail(tx, person=membership.person, meeting_id=viewer.meeting_id, template=REMOVED)
            tx.publish(MembershipRevoked(meeting_id=viewer.meeting_id, person_id=membership.person_id))
            record("membership_revoked", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
                   subject=f"person {membership.person_id}", before=before, after=membership.status)
    return membership


def end_place(membership: Membership) -> None:
    """Take a place away, in a running transaction, with every key to it: whoever is called back gets new ones, and a
    card that was lost stays worthless. What the person signed in to with the whole account stays theirs."""
    if membership.status != MembershipStatus.REVOKED:
        membership.end()
    moment, person_id, meeting_id = now(), membership.person_id, membership.meeting_id
    links = (SignInLink.person_id == person_id) & (SignInLink.meeting_id == meeting_id)
    # A browser that has still to give an app's code holds a key, too.
    db.session.execute(delete(SecondStep).where(SecondStep.link_id.in_(select(SignInLink.id).where(links))))
    db.session.execute(update(SignInLink).where(links, SignInLink.expires_at > moment).values(expires_at=moment))
    db.session.execute(update(SignIn).where(
        SignIn.person_id == person_id, SignIn.meeting_id == meeting_id, SignIn.revoked_at.is_(None))
        .values(revoked_at=moment))


def request_sign_in(email: str) -> str:
    """Mail a link and a code to a known address; the answer is the secret of the browser that may type the code.
    It is the same for an unknown address, and takes as long: both write rows, commit them and wake the worker."""
    with transaction() as tx:
        found, mail = queries.person_by_email(email), None
        person = queries.known_person(found.id if found else 0)
        if person is not None:
            mail = _queue_mail(tx, person=person, meeting_id=None, template=SIGN_IN)
        else:
            record("sign_in_refused", meeting_id=None, actor_id=None, subject="an address that is not known")
            tx.after_commit(wake_mail)
        return ask_code(email, person=person, mail=mail)


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
        person = Person(email=normal_email(email), name=name, affiliation=affiliation, named_at=now())
        db.session.add(person)
        db.session.flush()
    return person


def _membership(meeting_id: int, person: Person, *, role: Role) -> Membership:
    membership = db.session.scalar(
        select(Membership).where(Membership.meeting_id == meeting_id, Membership.person_id == person.id))
    if membership is None:
        membership = Membership(
            meeting_id=meeting_id, person=person, role=role, status=MembershipStatus.INVITED)
        db.session.add(membership)
        db.session.flush()
    return membership


def _queue_mail(tx: Transaction, *, person: Person, meeting_id: int | None, template: str) -> OutgoingMail:
    mail = OutgoingMail(person_id=person.id, meeting_id=meeting_id, template=template)
    db.session.add(mail)
    tx.after_commit(wake_mail)
    return mail
