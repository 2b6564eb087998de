"""Reads of who is invited to a forum session, and to a stakeholder group: whom counts and reports are about."""

from datetime import datetime
from functools import cache

from sqlalchemy import CompoundSelect, Select, bindparam, func, select

from sigforum.extensions import db
from sigforum.people.domain import GONE, MembershipStatus, Role, RosterEntry, Voter
from sigforum.people.models import Assignment, Membership, Person
from sigforum.people.place_models import EarlierPlace
from sigforum.people.queries import SHOWN_NAME


def voters(meeting_id: int, forum_session_id: int) -> list[Voter]:
    """Who is invited to vote in a forum session, whether accepted or not yet.

    The same people whom `Viewer.votes_in` lets vote, found in one query: tallies ask for them all the time.
    """
    rows = db.session.execute(
        voters_of().order_by(Membership.id), {"meeting": meeting_id, "forum_session": forum_session_id})
    return [Voter(person_id=person_id, stakeholder_group=group, status=MembershipStatus(status))
            for person_id, group, status in rows]


@cache
def voters_of() -> Select[int, str, str]:
    """The same as a statement, to be counted or joined with: person_id, stakeholder_group, status; its parameters
    are `meeting` and `forum_session`."""
    is_assigned = Membership.assignments.any(Assignment.forum_session_id == bindparam("forum_session"))
    return select(Membership.person_id, Membership.stakeholder_group, Membership.status).where(
        Membership.meeting_id == bindparam("meeting"), Membership.role == Role.PARTICIPANT,
        Membership.status.not_in(GONE), is_assigned | ~Membership.assignments.any())


@cache
def ever_invited() -> CompoundSelect[int]:
    """Everybody who is, or was before their place changed, invited to take part in a forum session, by person_id; its
    parameters are those of `voters_of`. Whoever was gone before the session came onto the agenda was not."""
    sessions = db.metadata.tables["forum_sessions"]
    came = select(sessions.c.created_at).where(sessions.c.id == bindparam("forum_session")).scalar_subquery()
    is_assigned = Membership.assignments.any(Assignment.forum_session_id == bindparam("forum_session"))
    today = select(Membership.person_id).where(
        Membership.meeting_id == bindparam("meeting"), Membership.role == Role.PARTICIPANT,
        is_assigned | ~Membership.assignments.any(),
        Membership.revoked_at.is_(None) | came.is_(None) | (Membership.revoked_at >= came))
    earlier = select(Membership.person_id).join(EarlierPlace, EarlierPlace.membership_id == Membership.id).where(
        EarlierPlace.forum_session_id == bindparam("forum_session"), EarlierPlace.role == Role.PARTICIPANT,
        came.is_(None) | (func.coalesce(EarlierPlace.revoked_at, EarlierPlace.ended_at) >= came))
    return today.union(earlier)


def regrouped_since(meeting_id: int, at: datetime) -> set[int]:
    """Who was put into another stakeholder group after a moment."""
    return set(db.session.scalars(select(Membership.person_id).where(
        Membership.meeting_id == meeting_id, Membership.regrouped_at > at)))


def group_of(meeting_id: int, person_id: int) -> str:
    """The stakeholder group of a member; empty where there is none."""
    return db.session.scalar(select(Membership.stakeholder_group).where(
        Membership.meeting_id == meeting_id, Membership.person_id == person_id)) or ""


def sharing_group(meeting_id: int, group: str) -> int:
    """How many people of a stakeholder group ever accepted to take part in a meeting."""
    has_accepted = (Membership.status == MembershipStatus.ACCEPTED) | Membership.accepted_at.is_not(None)
    return db.session.scalar(select(func.count()).select_from(Membership).where(
        Membership.meeting_id == meeting_id, Membership.stakeholder_group == group,
        Membership.role == Role.PARTICIPANT, has_accepted)) or 0


def speakers_of_group(meeting_id: int, forum_session_id: int, group: str) -> int:
    """How many people of a stakeholder group have accepted and may speak in a forum session: the same people whom
    `Viewer.speaks_in` lets speak."""
    is_there = Membership.assignments.any(Assignment.forum_session_id == forum_session_id) | (
        ~Membership.assignments.any()) | (Membership.role == Role.ORGANIZER)
    return db.session.scalar(select(func.count()).select_from(Membership).where(
        Membership.meeting_id == meeting_id, Membership.stakeholder_group == group, is_there,
        Membership.status == MembershipStatus.ACCEPTED, Membership.role != Role.OBSERVER)) or 0


def roster(meeting_id: int, forum_session_id: int) -> list[RosterEntry]:
    """The live participants and facilitators of a forum session, by name, as plain rows: reports ask for them."""
    is_assigned = Membership.assignments.any(Assignment.forum_session_id == forum_session_id)
    rows = db.session.execute(
        select(Membership.person_id, Membership.id, SHOWN_NAME, Membership.role, Membership.stakeholder_group,
               Membership.status, Membership.invited_at).join(Person).where(
            Membership.meeting_id == meeting_id, Membership.role.in_([Role.PARTICIPANT, Role.FACILITATOR]),
            Membership.status.not_in(GONE), is_assigned | ~Membership.assignments.any())
        .order_by(func.lower(SHOWN_NAME), Membership.id))
    return [RosterEntry(person_id=person_id, membership_id=membership_id, name=name, role=Role(role),
                        stakeholder_group=group, has_accepted=status == MembershipStatus.ACCEPTED,
                        invited_on=invited_at.date())
            for person_id, membership_id, name, role, group, status, invited_at in rows]
