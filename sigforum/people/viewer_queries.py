"""Reads of who a browser is in a meeting at this moment: every request and every socket event asks them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, func, select

from sigforum.extensions import db
from sigforum.kernel.errors import NotAllowed, NotFound
from sigforum.kernel.ids import token_hash
from sigforum.people.card_days import days_of, is_one_of_its_days
from sigforum.people.domain import (
    BY_CARD,
    CARD_OVER,
    MembershipStatus,
    Role,
    Viewer,
)
from sigforum.people.models import Assignment, Membership, Person, SignIn


def browser_of_token(connection: Connection, token: str) -> tuple[int, int] | None:
    """(id of the sign-in, id of the person) of a browser's token; None where it is signed out. What it may open is
    asked at each event, with the meeting that the event names."""
    row = connection.execute(_browser_of_token(), {"token_hash": token_hash(token)}).one_or_none()
    return None if row is None else (row.id, row.person_id)


@cache
def _browser_of_token() -> Select[Any]:
    table = SignIn.__table__
    return select(table.c.id, table.c.person_id).where(
        table.c.token_hash == bindparam("token_hash"), table.c.revoked_at.is_(None))


def viewer_of_token(token: str, slug: str) -> Viewer | None:
    """Who a browser's token is in a meeting; None where it is signed out. Raises NotFound for a stranger, and for a
    browser that is signed in for another meeting only.

    One statement: every socket event asks for this, and a room that comes back after a break asks all at once.
    """
    rows = db.session.execute(_viewer_of_token(), {"token_hash": token_hash(token), "slug": slug}).all()
    if not rows:
        return None
    first = rows[0]
    if first.membership_id is None:
        raise NotFound()
    if first.means == BY_CARD and not is_one_of_its_days(first.meeting_id):
        raise NotAllowed(CARD_OVER)
    return Viewer(
        person_id=first.person_id, name=first.name, membership_id=first.membership_id, meeting_id=first.meeting_id,
        role=Role(first.role),
        assigned=frozenset(row.forum_session_id for row in rows if row.forum_session_id is not None))


@cache
def _viewer_of_token() -> Select[Any]:
    places, signs, assigned = Membership.__table__, SignIn.__table__, Assignment.__table__
    names, meetings = Person.__table__, db.metadata.tables["meetings"]
    # Named by its id, so that one entry of an index is read and not everybody's membership.
    meeting = select(meetings.c.id).where(meetings.c.slug == bindparam("slug")).scalar_subquery()
    is_live = (places.c.meeting_id == meeting) & (places.c.person_id == signs.c.person_id) & (
        places.c.status == MembershipStatus.ACCEPTED) & _is_open_to(signs.c.meeting_id, places)
    return select(
        signs.c.person_id, signs.c.means, func.coalesce(places.c.name_here, names.c.name).label("name"),
        places.c.id.label("membership_id"), places.c.meeting_id, places.c.role, assigned.c.forum_session_id,
    ).select_from(signs).join(names, names.c.id == signs.c.person_id).outerjoin(
            places, is_live).outerjoin(assigned, assigned.c.membership_id == places.c.id).where(
                signs.c.token_hash == bindparam("token_hash"), signs.c.revoked_at.is_(None))


def _is_open_to(scope: Any, places: Any) -> ColumnElement[bool]:
    """Whether a browser's sign-in reaches a place: the whole account does; one for a single meeting reaches that one,
    and never what an organizer may do."""
    return scope.is_(None) | ((scope == places.c.meeting_id) & (places.c.role != Role.ORGANIZER))


def is_member(person_id: int, meeting_id: int) -> bool:
    """Whether a person is a live member of a meeting at this moment."""
    return db.session.scalar(_is_member(), {"person": person_id, "meeting": meeting_id}) is not None


@cache
def _is_member() -> Select[Any]:
    table = Membership.__table__
    return select(table.c.id).where(
        table.c.person_id == bindparam("person"), table.c.meeting_id == bindparam("meeting"),
        table.c.status == MembershipStatus.ACCEPTED)


_memberships, _assignments, _sign_ins = (
    cast(Table, model.__table__) for model in (Membership, Assignment, SignIn))
# Made once: every batch of votes asks them.
_LIVE_MEMBERS = select(
    _memberships.c.id, _memberships.c.meeting_id, _memberships.c.person_id, _memberships.c.role,
    _assignments.c.forum_session_id,
).outerjoin(_assignments, _assignments.c.membership_id == _memberships.c.id).where(
    _memberships.c.meeting_id.in_(bindparam("meetings", expanding=True)),
    _memberships.c.person_id.in_(bindparam("people", expanding=True)),
    _memberships.c.status == MembershipStatus.ACCEPTED)
_LIVE_SIGN_INS = select(_sign_ins.c.id, _sign_ins.c.means).outerjoin(
    _memberships, (_memberships.c.meeting_id == bindparam("meeting"))
    & (_memberships.c.person_id == _sign_ins.c.person_id)).where(
        _sign_ins.c.id.in_(bindparam("wanted", expanding=True)), _sign_ins.c.revoked_at.is_(None),
        _is_open_to(_sign_ins.c.meeting_id, _memberships))


def viewers(connection: Connection, meeting_ids: Iterable[int],
            person_ids: Iterable[int]) -> Mapping[tuple[int, int], Viewer]:
    """The live members among some people of some meetings, by (meeting, person), inside a transaction of the
    caller's. Their names are left out."""
    rows = connection.execute(_LIVE_MEMBERS, {"meetings": list(meeting_ids), "people": list(person_ids)}).all()
    assigned: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row.forum_session_id is not None:
            assigned[row.id].add(row.forum_session_id)
    return {(row.meeting_id, row.person_id): Viewer(
        person_id=row.person_id, name="", membership_id=row.id, meeting_id=row.meeting_id, role=Role(row.role),
        assigned=frozenset(assigned.get(row.id, ()))) for row in rows}


def live_sign_ins(connection: Connection, sign_in_ids: Iterable[int], *, meeting_id: int
                  ) -> Mapping[int, tuple[datetime, datetime] | None]:
    """Which of these browsers are still signed in, and may act in a meeting; those that a card signed in between the
    two moments only."""
    wanted = list(sign_in_ids)
    rows = connection.execute(_LIVE_SIGN_INS, {"wanted": wanted, "meeting": meeting_id}).all() if wanted else []
    days = days_of(connection, meeting_id) if any(row.means == BY_CARD for row in rows) else None
    return {row.id: days if row.means == BY_CARD else None for row in rows if row.means != BY_CARD or days is not None}


def live_browsers(person_id: int) -> set[tuple[int, int]]:
    """(sign-in, meeting) of all that a person's signed-in browsers may hear at this moment."""
    rows = db.session.execute(select(_sign_ins.c.id, _sign_ins.c.means, _memberships.c.meeting_id).join(
        _memberships, (_memberships.c.person_id == _sign_ins.c.person_id)
        & _is_open_to(_sign_ins.c.meeting_id, _memberships)).where(
            _sign_ins.c.person_id == person_id, _sign_ins.c.revoked_at.is_(None),
            _memberships.c.status == MembershipStatus.ACCEPTED)).all()
    is_open = {meeting_id: is_one_of_its_days(meeting_id) for meeting_id in {
        row.meeting_id for row in rows if row.means == BY_CARD}}
    return {(row.id, row.meeting_id) for row in rows if row.means != BY_CARD or is_open[row.meeting_id]}
