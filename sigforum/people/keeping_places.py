"""Keeping what somebody was in a forum session when their place changes; called before the change is made."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people.domain import MailKind, MailState, MembershipStatus, Role
from sigforum.people.models import Membership, OutgoingMail
from sigforum.people.place_models import EarlierPlace

# What an organizer is lies in no session, and an observer of one is counted nowhere.
_KEPT = frozenset({Role.PARTICIPANT, Role.FACILITATOR})


def keep_place(membership: Membership) -> None:
    """Store a place as it is, for each forum session that it is for, and let the next one begin now."""
    keep_places([place_as_it_is(membership)])
    membership.placed_at = now()


def place_as_it_is(membership: Membership) -> Mapping[str, Any]:
    """A place in the columns of the table, with the forum sessions that it is for; none is all of them."""
    return {
        "membership_id": membership.id, "meeting_id": membership.meeting_id, "role": membership.role,
        "person_id": membership.person_id, "is_known": bool(
            membership.status != MembershipStatus.INVITED or membership.accepted_at or membership.opened_at),
        "forum_sessions": sorted(one.forum_session_id for one in membership.assignments),
        "stakeholder_group": membership.stakeholder_group, "status": membership.status,
        "invited_at": membership.invited_at, "accepted_at": membership.accepted_at,
        "declined_at": membership.declined_at, "revoked_at": membership.revoked_at,
        "began_at": membership.placed_at or membership.invited_at, "ended_at": now()}


def keep_places(places: Iterable[Mapping[str, Any]]) -> None:
    """Store places of one meeting that have ended, by one statement."""
    kept = [one for one in places if one["role"] in _KEPT]
    if not kept:
        return
    meeting_id = kept[0]["meeting_id"]
    everywhere, told, counted = _sessions_of(meeting_id), _written_to(meeting_id), _counted_in(meeting_id)
    named = {column.name for column in EarlierPlace.__table__.columns}
    rows = [{name: value for name, value in one.items() if name in named} | {"forum_session_id": identifier}
            for one in kept for identifier in one["forum_sessions"] or everywhere
            if one["is_known"] or one["person_id"] in told or identifier in counted]
    if rows:
        db.session.execute(insert(EarlierPlace), rows)


def _sessions_of(meeting_id: int) -> Sequence[int]:
    """The forum sessions that a place for all of them is for now; asked of the bare table, which a higher feature
    owns."""
    table = db.metadata.tables["forum_sessions"]
    return list(db.session.scalars(select(table.c.id).where(table.c.meeting_id == meeting_id).order_by(table.c.id)))


def _written_to(meeting_id: int) -> set[int]:
    """Who was sent an invitation. A list that is corrected before that has invited nobody."""
    return set(db.session.scalars(select(OutgoingMail.person_id).where(
        OutgoingMail.meeting_id == meeting_id, OutgoingMail.template == MailKind.INVITATION,
        OutgoingMail.is_test.is_(False), OutgoingMail.state.not_in([MailState.QUEUED, MailState.WITHDRAWN]))))


def _counted_in(meeting_id: int) -> set[int]:
    """The forum sessions in which a round has closed: its count of those invited stands."""
    tables = db.metadata.tables
    sessions, polls, rounds = tables["forum_sessions"], tables["polls"], tables["rounds"]
    return set(db.session.scalars(select(sessions.c.id).distinct().join(
        polls, polls.c.forum_session_id == sessions.c.id).join(rounds, rounds.c.poll_id == polls.c.id).where(
            sessions.c.meeting_id == meeting_id, rounds.c.closed_at.is_not(None))))
