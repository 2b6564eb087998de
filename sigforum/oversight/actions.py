"""Erasing a person's data, by the person or by a meeting's organizer, and setting how long a meeting keeps them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from sigforum.audit.actions import record, strike_names
from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE
from sigforum.exports.actions import expire_files
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict
from sigforum.kernel.ids import new_token
from sigforum.kernel.loaded import check_loaded, mark
from sigforum.oversight import rows
from sigforum.oversight.domain import ERRATUM, NAME_REMOVED, Texts
from sigforum.oversight.inventory import OF_THE_PERSON, Fate
from sigforum.oversight.models import RetentionRule
from sigforum.oversight.policy import check_oversees
from sigforum.oversight.texts import tell_bylines, withdraw_texts
from sigforum.people import invited_queries, place_queries
from sigforum.people import queries as people
from sigforum.people.actions import end_place
from sigforum.people.domain import Role, Viewer
from sigforum.people.events import MembershipRevoked, SignedOut
from sigforum.people.models import Membership, Person
from sigforum.summaries.redacting import clear_owners, redact_names
from sigforum.traces.actions import ask_removal
from sigforum.traces.domain import Kind
from sigforum.transaction import MeetingEvent, Transaction, transaction


@dataclass
class Erased:
    """What an erasure came to: rows by the column that pointed at the person."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, number: int) -> None:
        """Count more of a kind."""
        self.counts[name] = self.counts.get(name, 0) + number


def erase_own_data(person_id: int, *, texts: Texts) -> Erased:
    """Erase everything about oneself, in all meetings. Raises Conflict for the only organizer of a meeting."""
    with transaction() as tx:
        person = db.session.get_one(Person, person_id)
        memberships = _memberships(person)
        for membership in memberships:
            _check_not_last(membership)
        return _erase(tx, person, memberships, texts=texts, actor_id=person.id, is_everything=True)


def erase_member(viewer: Viewer, membership_id: int, *, texts: Texts) -> Erased:
    """Erase a member's data in the viewer's meeting. What other meetings keep of the person stays theirs.

    Raises Conflict for oneself, and for somebody who was erased already.
    """
    check_oversees(viewer)
    with transaction() as tx:
        membership = people.member(viewer.meeting_id, membership_id)
        person: Person = membership.person
        if person.id == viewer.person_id:
            raise Conflict("Erase your own data on your account's page.")
        if person.erased_at is not None:
            raise Conflict("This person's data was erased already.")
        is_last = len(_memberships(person)) == 1 and not person.is_host
        return _erase(tx, person, [membership], texts=texts, actor_id=viewer.person_id, is_everything=is_last)


def purge_member(tx: Transaction, membership: Membership) -> Erased:
    """Erase a member's data because their time is over. Texts stay without a name. Published versions stay as they
    are: whoever is named there agreed to it, and a time that runs out takes no consent back."""
    person: Person = membership.person
    is_last = len(_memberships(person)) == 1 and not person.is_host
    return _erase(tx, person, [membership], texts=Texts.KEEP, actor_id=None, is_everything=is_last, is_purge=True)


def set_retention(viewer: Viewer, *, days: int | None, loaded: str = "") -> None:
    """Keep personal data so many days after the meeting's end; None keeps them. Safe to repeat. Raises Outdated where
    the form was loaded with another number."""
    check_oversees(viewer)
    with transaction():
        rule = db.session.get(RetentionRule, viewer.meeting_id)
        before = rule.days if rule else None
        if before == days:
            return
        check_loaded(loaded, mark(before), stands="for ever." if before is None else f"{before} days.")
        if days is None:
            db.session.delete(rule)
        elif rule is None:
            db.session.add(RetentionRule(meeting_id=viewer.meeting_id, days=days))
        else:
            rule.days, rule.set_at = days, now()
        record("retention_set", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"meeting {viewer.meeting_id}", before=before, after=days)


def _erase(tx: Transaction, person: Person, memberships: Iterable[Membership], *, texts: Texts,
           actor_id: int | None, is_everything: bool, is_purge: bool = False) -> Erased:
    """In each meeting: texts, then the place, then the rows that point at the person, then names in what was
    published. `is_everything`: nothing else is kept of the person, so that the row itself loses its name."""
    erased, places = Erased(), [(found.meeting_id, found) for found in memberships]
    # Before anything loses them.
    names = {meeting_id: _names(person, membership) for meeting_id, membership in places}
    stand_in = person if is_everything else _stand_in()
    for meeting_id, membership in places:
        if texts is Texts.WITHDRAW:
            erased.add("texts", withdraw_texts(person.id, meeting_id=meeting_id))
        _end(tx, membership)
        rows.forget_lists(meeting_id)
        strike_names(meeting_id, person.id)
        _let_go(erased, person, stand_in, meeting_id=meeting_id)
        clear_owners(meeting_id, names[meeting_id], mark=NAME_REMOVED)
        if not is_purge:
            redact_names(meeting_id, names[meeting_id], mark=NAME_REMOVED, erratum=ERRATUM,
                         actor_id=None if actor_id == person.id else actor_id)
            expire_files(meeting_id)
        db.session.expire_all()
        tell_bylines(stand_in.id, meeting_id=meeting_id, are_withdrawn=texts is Texts.WITHDRAW)
        if not is_purge:
            record("data_erased", meeting_id=meeting_id, actor_id=actor_id, subject=f"person {stand_in.id}",
                   texts=texts)
    if is_everything:
        _let_go(erased, person, person, meeting_id=None)
        if not places:
            record("data_erased", meeting_id=None, actor_id=actor_id, subject=f"person {person.id}", texts=texts)
        db.session.expire_all()
        _unname(person)
    ask_removal(Kind.ERASURE)
    return erased


def _let_go(erased: Erased, person: Person, stand_in: Person, *, meeting_id: int | None) -> None:
    """Give every row that points at the person its fate."""
    for kept in rows.here(Fate.COUNTS, Fate.GOES, Fate.FORGETS):
        # What belongs to no meeting goes with the last one; what counts has been seen to, meeting by meeting.
        if kept.column in OF_THE_PERSON if meeting_id is not None else kept.fate is Fate.COUNTS:
            continue
        erased.add(kept.table, rows.count(kept, person.id, meeting_id=meeting_id))
        if kept.fate is Fate.GOES:
            rows.remove(kept, person.id, meeting_id=meeting_id)
        else:
            rows.repoint(kept, person.id, to=stand_in.id if kept.fate is Fate.COUNTS else None,
                         meeting_id=meeting_id)
    if stand_in is not person and meeting_id is not None:
        _repoint_events(person.id, stand_in.id, meeting_id=meeting_id)


def _repoint_events(person_id: int, to: int, *, meeting_id: int) -> None:
    """The meeting's numbered events name people by their numbers, too."""
    events = db.session.scalars(select(MeetingEvent).where(
        MeetingEvent.meeting_id == meeting_id, MeetingEvent.payload["person_id"].as_integer() == person_id))
    for event in events:
        event.payload = event.payload | {"person_id": to}


def _end(tx: Transaction, membership: Membership) -> None:
    """Nobody acts from this place any more: as after a removal, open rounds do not wait for it. It stays counted among
    those who were invited, in its sessions, and in its group where others share it."""
    end_place(membership)
    if invited_queries.sharing_group(membership.meeting_id, membership.stakeholder_group) < FEWEST_PEOPLE:
        # A group of one or two people would still describe them.
        membership.stakeholder_group = ""
    for place in place_queries.earlier_of(membership.id):
        if invited_queries.sharing_group(membership.meeting_id, place.stakeholder_group) < FEWEST_PEOPLE:
            place.stakeholder_group = ""
    db.session.flush()
    rows.remove_of_membership(membership.id)
    for event in (MembershipRevoked, SignedOut):
        tx.publish(event(meeting_id=membership.meeting_id, person_id=membership.person_id))


def _memberships(person: Person) -> list[Membership]:
    """All places of a person, those that were taken away included."""
    return list(db.session.scalars(
        select(Membership).where(Membership.person_id == person.id).order_by(Membership.meeting_id)))


def _check_not_last(membership: Membership) -> None:
    organizers = people.organizers(membership.meeting_id)
    if [one.person_id for one in organizers] == [membership.person_id]:
        raise Conflict(f"You are the only organizer of “{membership.meeting.title}”. Make somebody else an organizer "
                       f"first: invite them by list with the role {Role.ORGANIZER}.")


def _names(person: Person, membership: Membership) -> frozenset[str]:
    """The names, and the address, under which the person may stand in what was published."""
    return frozenset(name for name in (person.name, membership.invited_name, membership.name_here, person.email,
                                       membership.address_here, *membership.earlier_names) if name)


def _stand_in() -> Person:
    """A row without a name that takes a person's place in one meeting."""
    stand_in = Person(name="", email="")
    db.session.add(stand_in)
    _unname(stand_in)
    db.session.flush()
    return stand_in


def _unname(person: Person) -> None:
    """Nobody can sign in as this person: no mail reaches the address (RFC 2606), and nobody can guess it."""
    person.name, person.affiliation, person.is_host = NAME_REMOVED, "", False
    person.email, person.erased_at = f"erased-{new_token().lower()}@erased.invalid", now()
