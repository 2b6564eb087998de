"""Correcting how people are named: by an organizer for one meeting, by themselves everywhere."""

from collections.abc import Mapping

from sqlalchemy import select, update

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel import text
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.kernel.loaded import LOADED, check_loaded, mark
from sigforum.people import queries
from sigforum.people.address_tokens import OVER, confirmed_address
from sigforum.people.composing import ADDRESS_CHANGED, ADDRESS_TO_CONFIRM
from sigforum.people.domain import MembershipStatus, Viewer, is_email, normal_email
from sigforum.people.events import MembershipChanged
from sigforum.people.jobs import wake_mail
from sigforum.people.models import Membership, OutgoingMail, Person, SignInLink
from sigforum.people.policy import check_manages_people
from sigforum.transaction import transaction

_LONGEST = 200


def correct_member(viewer: Viewer, membership_id: int, form: Mapping[str, str]) -> Membership:
    """Show a member of one's meeting under another name or affiliation, in this meeting alone. Raises Invalid by
    field, and Outdated where the form was loaded with another name or affiliation."""
    check_manages_people(viewer)
    name, affiliation = _checked(form)
    with transaction() as tx:
        membership = queries.member(viewer.meeting_id, membership_id)
        if membership.person.erased_at is not None:
            raise Conflict("This person's data was erased; there is no name to correct.")
        if (name, affiliation) != (membership.shown_name, membership.shown_affiliation):
            check_loaded(form.get(LOADED, ""), name_mark(membership),
                         stands=", ".join(filter(None, (membership.shown_name, membership.shown_affiliation))) + ".")
        if show_as(viewer.person_id, membership, name=name, affiliation=affiliation):
            tx.publish(MembershipChanged(meeting_id=membership.meeting_id, person_id=membership.person_id))
    return membership


def name_mark(membership: Membership) -> str:
    """The mark of a form with somebody's name and affiliation as a meeting shows them."""
    return mark(membership.shown_name, membership.shown_affiliation)


def correct_own(person_id: int, form: Mapping[str, str]) -> None:
    """Change one's own name and affiliation, in every meeting that one has accepted. Raises Invalid by field."""
    name, affiliation = _checked(form)
    with transaction() as tx:
        person = db.session.get_one(Person, person_id)
        places = _accepted(person_id)
        before = {one.id: {"name": one.shown_name, "affiliation": one.shown_affiliation} for one in places}
        _keep_as_they_are(person_id)
        person.name, person.affiliation, person.named_at = name, affiliation, now()
        for one in places:
            # What somebody says of themselves now counts more than what an organizer wrote before.
            one.name_here = one.affiliation_here = None
            if before[one.id] != {"name": name, "affiliation": affiliation}:
                note_renamed(person_id, one, before=before[one.id], after={"name": name, "affiliation": affiliation})
                tx.publish(MembershipChanged(meeting_id=one.meeting_id, person_id=person_id))


def ask_for_address(person_id: int, typed: str) -> None:
    """Mail a link to a new address of one's own: only who reads its mail can confirm it. Raises Invalid. Whether the
    address is somebody else's is not said here."""
    address = normal_email(typed)
    if not is_email(address):
        raise Invalid({"email": "Write the whole address, for example ada@example.org."})
    with transaction() as tx:
        if db.session.get_one(Person, person_id).email == address:
            raise Invalid({"email": "This is your address already."})
        db.session.add(OutgoingMail(person_id=person_id, template=ADDRESS_TO_CONFIRM, address=address))
        record("address_asked", meeting_id=None, actor_id=person_id, subject=f"person {person_id}")
        tx.after_commit(wake_mail)


def confirm_address(person_id: int, token: str) -> None:
    """Take the new address, tell the old one, and end what was mailed there. Raises Conflict where the token is over,
    or somebody else has the address."""
    with transaction() as tx:
        person = db.session.get_one(Person, person_id)
        address, before = confirmed_address(person, token), person.email
        if address is None:
            raise Conflict(OVER)
        if queries.person_by_email(address) is not None:
            raise Conflict("Somebody else here has this address. Ask those who run the meeting.")
        for one in _not_accepted(person_id):
            # A meeting that was told the old one, and no more, learns no other.
            one.address_here = one.address_here or before
        person.email = address
        db.session.execute(update(SignInLink).where(
            SignInLink.person_id == person_id, SignInLink.used_at.is_(None), SignInLink.expires_at > now())
            .values(expires_at=now()))
        db.session.add(OutgoingMail(person_id=person_id, template=ADDRESS_CHANGED, address=before))
        tx.after_commit(wake_mail)
        for one in _accepted(person_id):
            record("address_changed", meeting_id=one.meeting_id, actor_id=person_id, subject=f"person {person_id}",
                   before={"address": before}, after={"address": address})


def _accepted(person_id: int) -> list[Membership]:
    return list(db.session.scalars(select(Membership).where(
        Membership.person_id == person_id, Membership.status == MembershipStatus.ACCEPTED)).unique())


def _not_accepted(person_id: int) -> list[Membership]:
    """The places that somebody has not taken up, or has no more."""
    return list(db.session.scalars(select(Membership).where(
        Membership.person_id == person_id, Membership.status != MembershipStatus.ACCEPTED)).unique())


def _keep_as_they_are(person_id: int) -> None:
    """A meeting that somebody is no longer part of goes on with the name that it knew."""
    for one in _not_accepted(person_id):
        if one.is_known and one.name_here is None:
            one.name_here, one.affiliation_here = one.shown_name, one.shown_affiliation


def _checked(form: Mapping[str, str]) -> tuple[str, str]:
    name, affiliation = text.name(form.get("name", "")), text.name(form.get("affiliation", ""))
    errors = {field: f"At most {_LONGEST} characters." for field, value in (
        ("name", name), ("affiliation", affiliation)) if len(value) > _LONGEST}
    if not name:
        errors["name"] = "A name is needed."
    if errors:
        raise Invalid(errors)
    return name, affiliation


def show_as(actor_id: int, membership: Membership, *, name: str, affiliation: str) -> bool:
    """Show somebody under another name or affiliation in this meeting, in a running transaction; whether it differs.

    Other meetings see nothing of it. What was published keeps the name that was printed, so that earlier names are
    kept beside the place: an erasure must find them there.
    """
    before = {"name": membership.shown_name, "affiliation": membership.shown_affiliation}
    after = {"name": name, "affiliation": affiliation}
    if before == after:
        return False
    if membership.is_known:
        membership.name_here, membership.affiliation_here = name, affiliation
    else:
        membership.invited_name, membership.invited_affiliation = name, affiliation
    note_renamed(actor_id, membership, before=before, after=after)
    return True


def note_renamed(actor_id: int, membership: Membership, *, before: dict[str, str], after: dict[str, str]) -> None:
    """Note old and new names, in a running transaction. An erasure strikes them out of the log."""
    if before["name"] and before["name"] != after["name"] and before["name"] not in membership.earlier_names:
        membership.earlier_names = [*membership.earlier_names, before["name"]]
    changed = [field for field in before if before[field] != after[field]]
    record("person_renamed", meeting_id=membership.meeting_id, actor_id=actor_id,
           subject=f"person {membership.person_id}", before={field: before[field] for field in changed},
           after={field: after[field] for field in changed})
