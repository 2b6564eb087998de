"""Reads of who was what in a forum session, whatever they are by now: who was ever invited, who could vote at a moment,
and who chaired."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, null, select

from sigforum.extensions import db
from sigforum.people.domain import EVER_ACCEPTED, Invitee, MembershipStatus, Outcome, Role, invitation_outcome
from sigforum.people.models import Assignment, Membership, Person
from sigforum.people.place_models import EarlierPlace
from sigforum.people.queries import SHOWN_NAME


@dataclass(frozen=True, kw_only=True)
class PlaceThen:
    """One place of somebody in a forum session; `ended_at` is None for the one of today."""

    person_id: int
    name: str
    stakeholder_group: str
    status: str
    invited_at: datetime
    accepted_at: datetime | None
    declined_at: datetime | None
    revoked_at: datetime | None
    began_at: datetime
    ended_at: datetime | None
    # Of the person and of the membership as they are now.
    erased_at: datetime | None
    is_removed_now: bool

    @property
    def has_accepted(self) -> bool:
        """Whether the invitation was taken up while the place was theirs, or before."""
        return self.status == MembershipStatus.ACCEPTED or self.accepted_at is not None

    @property
    def left_at(self) -> datetime | None:
        """When the person had it no more."""
        return self.revoked_at or self.ended_at

    def held_at(self, moment: datetime) -> bool:
        """Whether the person had accepted and had this place at a moment."""
        # Where nobody noted when it was accepted, the moment of the removal stands for it.
        since = self.accepted_at if self.accepted_at and self.accepted_at != self.revoked_at else self.began_at
        return self.has_accepted and max(since, self.began_at) <= moment and (
            self.left_at is None or self.left_at > moment)


def invitees(meeting_id: int, forum_session_id: int) -> list[Invitee]:
    """Everybody ever invited to take part in a forum session: whoever declined, was removed or erased stays, and so
    does whoever got another role or other sessions. The group is that of the session's close."""
    closed_at = _moment(forum_session_id, "closed_at")
    return [_invitee(person_id, places, closed_at) for person_id, places in _by_person(
        places_in(meeting_id, forum_session_id, Role.PARTICIPANT)).items()]


def entitled_at(meeting_id: int, forum_session_id: int, moment: datetime) -> Mapping[int, str]:
    """Who could vote in a forum session at a moment, with their stakeholder groups of then."""
    return {one.person_id: one.stakeholder_group
            for one in places_in(meeting_id, forum_session_id, Role.PARTICIPANT) if one.held_at(moment)}


def chairs(meeting_id: int, forum_session_id: int) -> list[PlaceThen]:
    """Who facilitated a forum session, by name, until it closed or until now: whoever got another role, other sessions
    or no place later did so all the same, and whoever came after the close did not."""
    closed_at = _moment(forum_session_id, "closed_at")
    found = {one.person_id: one for one in places_in(meeting_id, forum_session_id, Role.FACILITATOR)
             if one.has_accepted and (closed_at is None or one.began_at <= closed_at)}
    return sorted(found.values(), key=lambda one: (one.name.lower(), one.person_id))


def earlier_of(membership_id: int) -> Sequence[EarlierPlace]:
    """What somebody was in the sessions of a meeting before their place changed."""
    return db.session.scalars(select(EarlierPlace).where(EarlierPlace.membership_id == membership_id)).all()


def places_in(meeting_id: int, forum_session_id: int, role: Role) -> list[PlaceThen]:
    """All places of a role in a forum session that are and were, each person's in the order of time. Whoever was gone
    before the session came onto the agenda had none there."""
    came = _moment(forum_session_id, "created_at")
    there = (one for one in (*_earlier(forum_session_id, role), *_today(meeting_id, forum_session_id, role))
             if came is None or one.left_at is None or one.left_at >= came)
    return sorted(there, key=lambda one: (one.person_id, one.ended_at is None, one.began_at))


def _today(meeting_id: int, forum_session_id: int, role: Role) -> Iterator[PlaceThen]:
    is_assigned = Membership.assignments.any(Assignment.forum_session_id == forum_session_id)
    for row in db.session.execute(select(
            Membership.person_id, SHOWN_NAME.label("name"), Membership.stakeholder_group, Membership.status,
            Membership.invited_at, Membership.accepted_at, Membership.declined_at, Membership.revoked_at,
            func.coalesce(Membership.placed_at, Membership.invited_at).label("began_at"), null().label("ended_at"),
            Person.erased_at, (Membership.status == MembershipStatus.REVOKED).label("is_removed_now"))
            .join(Person, Person.id == Membership.person_id).where(
                Membership.meeting_id == meeting_id, Membership.role == role,
                is_assigned | ~Membership.assignments.any())):
        yield PlaceThen(**row._mapping)


def _earlier(forum_session_id: int, role: Role) -> Iterator[PlaceThen]:
    for row in db.session.execute(select(
            Membership.person_id, SHOWN_NAME.label("name"), EarlierPlace.stakeholder_group, EarlierPlace.status,
            EarlierPlace.invited_at, EarlierPlace.accepted_at, EarlierPlace.declined_at, EarlierPlace.revoked_at,
            EarlierPlace.began_at, EarlierPlace.ended_at, Person.erased_at,
            (Membership.status == MembershipStatus.REVOKED).label("is_removed_now")).select_from(EarlierPlace).join(
                Membership, Membership.id == EarlierPlace.membership_id).join(
                    Person, Person.id == Membership.person_id).where(
                        EarlierPlace.forum_session_id == forum_session_id, EarlierPlace.role == role)
            .order_by(EarlierPlace.id)):
        yield PlaceThen(**row._mapping)


def _by_person(places: Sequence[PlaceThen]) -> Mapping[int, Sequence[PlaceThen]]:
    found: dict[int, list[PlaceThen]] = defaultdict(list)
    for one in places:
        found[one.person_id].append(one)
    return found


def _invitee(person_id: int, places: Sequence[PlaceThen], closed_at: datetime | None) -> Invitee:
    last = places[-1]
    told = next((one for one in places if closed_at is not None and one.ended_at is not None
                 and one.ended_at > closed_at), last)
    return Invitee(
        person_id=person_id, stakeholder_group=told.stakeholder_group, outcome=_outcome(places),
        invited_on=min(one.invited_at for one in places).date(), left_at=last.left_at)


def _outcome(places: Sequence[PlaceThen]) -> Outcome:
    """What became of the invitation to this session: it was taken up once it was, whatever came later."""
    last = places[-1]
    is_gone = last.is_removed_now or last.erased_at is not None
    outcome = invitation_outcome(
        MembershipStatus.REVOKED if is_gone else last.status, declined_at=last.declined_at,
        accepted_at=last.accepted_at or (last.began_at if last.has_accepted else None), erased_at=last.erased_at)
    if outcome in EVER_ACCEPTED or not any(one.has_accepted for one in places):
        return outcome
    return Outcome.ERASED_LATER if last.erased_at is not None else Outcome.REMOVED_LATER


def _moment(forum_session_id: int, name: str) -> datetime | None:
    """A moment of a forum session; asked of the bare table, which a higher feature owns."""
    table = db.metadata.tables["forum_sessions"]
    return db.session.scalar(select(table.c[name]).where(table.c.id == forum_session_id))
