"""Answering an invitation: accepting, declining, and having looked at it."""

from sqlalchemy import select, update

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, NotFound, Refusal
from sigforum.people import queries
from sigforum.people.domain import BY_CARD, MailState, MembershipStatus
from sigforum.people.models import Membership, OutgoingMail, Person, SignInLink
from sigforum.transaction import transaction

# Whoever was sent away by an organizer cannot come back by an old link.
# What the owner of a card is told stays, or whoever used it in their stead could take it back at once.
KEPT_MAILS = ("card_printed", "card_used")
_MAY_ACCEPT = frozenset({MembershipStatus.INVITED, MembershipStatus.DECLINED})


def accept(membership: Membership, *, keeps_name: bool = False, through: str = "") -> None:
    """Take the place up, in a running transaction. Who declined may think better of it; safe to repeat.

    `keeps_name`: the meeting goes on showing what its organizer wrote, and not the name that other meetings know. So it
    does for people who have said no name of their own: what another meeting's organizer wrote of them is none.
    `through` is what the log notes of how they came in.
    """
    before = membership.status
    if before not in _MAY_ACCEPT:
        return
    person = membership.person
    if (keeps_name or not person.has_own_name) and membership.invited_name is not None and membership.name_here is None:
        membership.name_here, membership.affiliation_here = (
            membership.invited_name, membership.invited_affiliation or "")
    membership.status, membership.accepted_at, membership.declined_at = MembershipStatus.ACCEPTED, now(), None
    membership.address_here = None
    record("invitation_accepted", meeting_id=membership.meeting_id, actor_id=person.id, subject=f"person {person.id}",
           through=through, before=before, after=membership.status)


def accept_by_link(link: SignInLink) -> None:
    """Accept the one invitation that a link was sent for. Whoever holds it may not be its owner: the meeting learns no
    name by it."""
    membership = _place(link.person_id, link.meeting_id)
    if membership is not None:
        accept(membership, keeps_name=True, through=BY_CARD if link.is_for_door else "")


def decline_by_link(token: str) -> Membership:
    """Say no with an invitation's link, without signing in; the link stays good for a change of mind.

    Raises Refusal where the link is over, and Conflict where the invitation was accepted before.
    """
    with transaction():
        return _decline(_invited(token))


def answer_invitation(person: Person, *, slug: str, verb: str) -> Membership:
    """Accept or decline as somebody who is signed in. Raises NotFound where there is no such invitation, and Conflict
    where it was accepted before."""
    with transaction():
        membership = queries.membership(person.id, slug=slug)
        if verb == "accept" and membership.status == MembershipStatus.ACCEPTED:
            raise Conflict("You have accepted this invitation already.")
        if verb == "decline":
            return _decline(membership)
        accept(membership)
        return membership


def note_opened(token: str) -> None:
    """Note that somebody moved about on the invitation's page. Safe to repeat."""
    with transaction():
        membership = _invited(token)
        if membership.status == MembershipStatus.INVITED and membership.opened_at is None:
            membership.opened_at = now()


def withdraw_mails(membership: Membership) -> None:
    """Take back what waits to be sent to somebody about this meeting, in a running transaction."""
    db.session.execute(update(OutgoingMail).where(
        OutgoingMail.person_id == membership.person_id, OutgoingMail.meeting_id == membership.meeting_id,
        OutgoingMail.template.not_in(KEPT_MAILS),
        OutgoingMail.state == MailState.QUEUED).values(state=MailState.WITHDRAWN))


def _invited(token: str) -> Membership:
    link = queries.usable_link(token)
    if link is None:
        raise Refusal("This link has been used or has expired. Ask for a new one.")
    membership = _place(link.person_id, link.meeting_id)
    if membership is None or membership.status == MembershipStatus.REVOKED:
        raise NotFound()
    return membership


def _place(person_id: int, meeting_id: int | None) -> Membership | None:
    return db.session.scalars(select(Membership).where(
        Membership.person_id == person_id, Membership.meeting_id == meeting_id)).unique().one_or_none()


def _decline(membership: Membership) -> Membership:
    if membership.status == MembershipStatus.ACCEPTED:
        raise Conflict("You have accepted this invitation. Ask an organizer to take you off the list.")
    if membership.status == MembershipStatus.INVITED:
        membership.status, membership.declined_at = MembershipStatus.DECLINED, now()
        withdraw_mails(membership)
        record("invitation_declined", meeting_id=membership.meeting_id, actor_id=membership.person_id,
               subject=f"person {membership.person_id}", before=MembershipStatus.INVITED, after=membership.status)
    return membership
