"""Taking checked people into a meeting: few statements however long the list is, and mail where it is asked for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import insert, select

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict
from sigforum.people import queries
from sigforum.people.composing import wording_in_force
from sigforum.people.domain import GONE, MailKind, MailState, MembershipStatus, Role, Viewer
from sigforum.people.events import MembershipChanged
from sigforum.people.forms import InvitedPerson
from sigforum.people.jobs import wake_mail
from sigforum.people.keeping_places import keep_places, place_as_it_is
from sigforum.people.list_changes import Place, fingerprint, place_after, place_now
from sigforum.people.models import Assignment, Membership, OutgoingMail, Person
from sigforum.people.naming import show_as
from sigforum.transaction import Transaction

T = TypeVar("T")
# SQLite takes a limited number of values in one statement.
_AT_ONCE = 400


def take_in(tx: Transaction, viewer: Viewer, rows: Sequence[InvitedPerson], *, sends_mail: bool,
            seen: str = "") -> list[Membership]:
    """Give everyone on the list a place, in a running transaction. Of people already here only that changes which the
    list mentions; an invitation goes to those who have none yet, and to those who had lost or refused their place.
    Raises Conflict where that is something else than what the preview named `seen` showed."""
    check_as_seen(viewer.meeting_id, rows, seen=seen)
    own_email = db.session.get_one(Person, viewer.person_id).email
    if any(row.role not in (None, Role.ORGANIZER) and row.email == own_email for row in rows):
        raise Conflict("The list would take your own organizer role away; leave your row out.")
    people = _people(viewer.meeting_id, rows)
    ids = [one.id for one in people.values()]
    places = _places(viewer.meeting_id, ids)
    mailed = _mailed(viewer.meeting_id, ids) if sends_mail else set()
    new, memberships, to_mail = [], [], []
    ended: list[Mapping[str, Any]] = []
    for row in rows:
        person = people[row.email]
        membership = places.get(person.id)
        was_gone = membership is not None and membership.status in GONE
        if membership is None:
            membership = _new_place(viewer.meeting_id, person, row)
            new.append((membership, row))
        else:
            _change_place(tx, viewer, membership, row, ended)
        memberships.append(membership)
        if membership.status == MembershipStatus.INVITED and (was_gone or person.id not in mailed):
            to_mail.append(membership)
    _store_new(new)
    keep_places(ended)
    if sends_mail:
        queue_mails(tx, to_mail, kind=MailKind.INVITATION)
    record("people_invited", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
           subject=f"meeting {viewer.meeting_id}", people=[found.person_id for found in memberships])
    return memberships


def check_as_seen(meeting_id: int, rows: Sequence[InvitedPerson], *, seen: str) -> None:
    """Raise Conflict where a list would do something else by now than its preview showed. Asked behind the lock."""
    if seen and seen != fingerprint(rows, known=queries.members_by_address(meeting_id)):
        raise Conflict("The list of people has changed since you saw this preview. Look at it once more.")


def queue_mails(tx: Transaction, memberships: Sequence[Membership], *, kind: MailKind) -> None:
    """Queue one mail each, in the words that are in force now: what was reviewed is what is sent."""
    if not memberships:
        return
    wording_id, _ = wording_in_force(memberships[0].meeting_id, kind)
    db.session.execute(insert(OutgoingMail), [
        {"person_id": one.person_id, "meeting_id": one.meeting_id, "template": kind.value, "wording_id": wording_id}
        for one in memberships])
    tx.after_commit(wake_mail)


def _people(meeting_id: int, rows: Sequence[InvitedPerson]) -> dict[str, Person]:
    """The people by address; whoever is not known yet is made. Who stands on this meeting's list under an address is
    found by it, also where their own is another one by now."""
    found: dict[str, Person] = {}
    for part in _parts([row.email for row in rows]):
        found |= {one.email: one for one in db.session.scalars(select(Person).where(Person.email.in_(part)))}
        found |= {one.address_here: one.person for one in db.session.scalars(select(Membership).where(
            Membership.meeting_id == meeting_id, Membership.address_here.in_(part))).unique() if one.address_here}
    new = [Person(email=row.email, name=row.name, affiliation=row.affiliation or "")
           for row in rows if row.email not in found]
    db.session.add_all(new)
    db.session.flush()
    return found | {one.email: one for one in new}


def _places(meeting_id: int, person_ids: Sequence[int]) -> dict[int, Membership]:
    """The places that some people have in the meeting, or had, by person."""
    found: dict[int, Membership] = {}
    for part in _parts(person_ids):
        found |= {one.person_id: one for one in db.session.scalars(select(Membership).where(
            Membership.meeting_id == meeting_id, Membership.person_id.in_(part))).unique()}
    return found


def _mailed(meeting_id: int, person_ids: Sequence[int]) -> set[int]:
    """Who of these was sent an invitation, or will be."""
    found: set[int] = set()
    for part in _parts(person_ids):
        found |= set(db.session.scalars(select(OutgoingMail.person_id).where(
            OutgoingMail.meeting_id == meeting_id, OutgoingMail.template == MailKind.INVITATION,
            OutgoingMail.is_test.is_(False), OutgoingMail.state != MailState.WITHDRAWN,
            OutgoingMail.person_id.in_(part))))
    return found


def _new_place(meeting_id: int, person: Person, row: InvitedPerson) -> Membership:
    place = place_after(None, row)
    return Membership(
        meeting_id=meeting_id, person_id=person.id, person=person, role=place.role, status=place.status,
        stakeholder_group=place.stakeholder_group, invited_name=place.name, invited_affiliation=place.affiliation)


def _store_new(new: Sequence[tuple[Membership, InvitedPerson]]) -> None:
    """Store new places, and what sessions they are for by one statement: as objects they would take twice as long."""
    db.session.add_all(membership for membership, _ in new)
    db.session.flush()
    assigned = [{"membership_id": membership.id, "forum_session_id": identifier}
                for membership, row in new for identifier in sorted(row.forum_session_ids or ())]
    if assigned:
        db.session.execute(insert(Assignment), assigned)


def _change_place(tx: Transaction, viewer: Viewer, membership: Membership, row: InvitedPerson,
                  ended: list[Mapping[str, Any]]) -> None:
    before = place_now(membership)
    after = place_after(before, row)
    if membership.status == MembershipStatus.ACCEPTED and (
            (before.role, before.forum_session_ids) != (after.role, after.forum_session_ids)):
        tx.publish(MembershipChanged(meeting_id=membership.meeting_id, person_id=membership.person_id))
    if _is_another(before, after):
        ended.append(place_as_it_is(membership))
        membership.placed_at = now()
    if membership.status in GONE:
        membership.revoked_at, membership.declined_at = None, None
        membership.invited_at, membership.opened_at = now(), None
    membership.status, membership.role = after.status, after.role
    if membership.stakeholder_group != after.stakeholder_group:
        membership.stakeholder_group, membership.regrouped_at = after.stakeholder_group, now()
    if before.forum_session_ids != after.forum_session_ids:
        membership.assignments = [
            Assignment(forum_session_id=identifier) for identifier in sorted(after.forum_session_ids)]
    if _is_another(before, after):
        # The group itself is not noted: with it an entry would still describe somebody whose data was erased.
        record("membership_changed", meeting_id=membership.meeting_id, actor_id=viewer.person_id,
               subject=f"person {membership.person_id}", before=_noted(before), after=_noted(after),
               another_group=before.stakeholder_group != after.stakeholder_group)
    show_as(viewer.person_id, membership, name=after.name, affiliation=after.affiliation)


def _is_another(before: Place, after: Place) -> bool:
    """Whether a place ends and another begins: what somebody was in a session stays in its counts."""
    return _noted(before) != _noted(after) or before.stakeholder_group != after.stakeholder_group


def _noted(place: Place) -> dict[str, object]:
    """A place as the log tells of it."""
    return {"status": place.status, "role": place.role, "forum_sessions": sorted(place.forum_session_ids)}


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start:start + _AT_ONCE]
