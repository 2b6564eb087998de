"""Reads of people; a meeting is always reached through somebody's membership."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, case, func, select
from sqlalchemy.orm import joinedload

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import NotFound
from sigforum.kernel.ids import token_hash
from sigforum.people.domain import (
    GONE,
    Invitee,
    MailKind,
    MailState,
    MembershipStatus,
    Role,
    RosterEntry,
    ShownPerson,
    Viewer,
    Voter,
    invitation_outcome,
    normal_email,
)
from sigforum.people.inviting_models import MeetingCalendar
from sigforum.people.models import Assignment, Membership, OutgoingMail, Person, SignIn, SignInLink


def person_by_email(email: str) -> Person | None:
    """The person with this address, however it was typed."""
    return db.session.scalar(select(Person).where(Person.email == normal_email(email)))


def known_person(person_id: int) -> Person | None:
    """The person, if there is something here for them to sign in to: a meeting, or the right to make one."""
    person = db.session.get(Person, person_id)
    if person is None or person.erased_at is not None or not (person.is_host or memberships_of(person.id)):
        return None
    return person


def sign_in_by_token(token: str) -> SignIn | None:
    """The live sign-in of a browser's token."""
    return db.session.scalar(
        select(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.revoked_at.is_(None)))


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


def sign_ins(person_id: int) -> list[SignIn]:
    """A person's signed-in browsers, newest first."""
    return list(db.session.scalars(
        select(SignIn).where(SignIn.person_id == person_id, SignIn.revoked_at.is_(None))
        .order_by(SignIn.id.desc())))


def usable_link(token: str) -> SignInLink | None:
    """The link of a token, if it can sign somebody in now."""
    link, moment = known_link(token), now()
    if link is None or link.expires_at <= moment or (link.is_single_use and link.used_at):
        return None
    if link.starts_at is not None and link.starts_at > moment:
        return None
    return link


def known_link(token: str) -> SignInLink | None:
    """The link of a token, used and expired ones included."""
    return db.session.scalar(select(SignInLink).where(SignInLink.token_hash == token_hash(token)))


def place_of_link(link: SignInLink) -> Membership | None:
    """The place in a meeting that a link was sent for; None for one that only signs in."""
    if link.meeting_id is None:
        return None
    return db.session.scalars(select(Membership).where(
        Membership.person_id == link.person_id, Membership.meeting_id == link.meeting_id)).unique().one_or_none()


def membership(person_id: int, *, slug: str | None = None, meeting_id: int | None = None) -> Membership:
    """A person's live membership of a meeting. Raises NotFound: a stranger learns of no meeting."""
    name, wanted = ("slug", slug) if slug is not None else ("id", meeting_id)
    found = db.session.scalars(_live_membership(name), {"person": person_id, "wanted": wanted}).unique().one_or_none()
    if found is None:
        raise NotFound()
    return found


@cache
def _live_membership(name: str) -> Select[Membership]:
    """All that a viewer is made of, in one query. Every request and every socket event asks it, and to build it
    would take as long as to answer it."""
    return select(Membership).where(
        Membership.person_id == bindparam("person"), Membership.status.not_in(GONE),
        Membership.meeting.has(**{name: bindparam("wanted")})).options(
            joinedload(Membership.meeting), joinedload(Membership.assignments))


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
        signs.c.person_id, func.coalesce(places.c.name_here, names.c.name).label("name"),
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
_LIVE_SIGN_INS = select(_sign_ins.c.id).outerjoin(
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


def live_sign_ins(connection: Connection, sign_in_ids: Iterable[int], *, meeting_id: int) -> set[int]:
    """Which of these browsers are still signed in, and may act in a meeting."""
    wanted = list(sign_in_ids)
    return set(connection.scalars(_LIVE_SIGN_INS, {"wanted": wanted, "meeting": meeting_id})) if wanted else set()


def memberships_of(person_id: int) -> list[Membership]:
    """All live memberships of a person, newest meeting first."""
    return list(db.session.scalars(
        select(Membership).where(
            Membership.person_id == person_id, Membership.status.not_in(GONE))
        .order_by(Membership.meeting_id.desc())))


# The same as Membership.shown_name: until somebody has accepted, a meeting knows what its organizer wrote.
SHOWN_NAME = case(
    (Membership.accepted_at.is_not(None) | (Membership.status == MembershipStatus.ACCEPTED)
     | Membership.invited_name.is_(None), func.coalesce(Membership.name_here, Person.name)),
    else_=Membership.invited_name)
SHOWN_AFFILIATION = case(
    (Membership.accepted_at.is_not(None) | (Membership.status == MembershipStatus.ACCEPTED)
     | Membership.invited_name.is_(None), func.coalesce(Membership.affiliation_here, Person.affiliation)),
    else_=func.coalesce(Membership.invited_affiliation, ""))


def members(meeting_id: int) -> list[Membership]:
    """Everybody ever invited to a meeting, by name."""
    return list(db.session.scalars(
        select(Membership).join(Person).where(Membership.meeting_id == meeting_id)
        .order_by(func.lower(SHOWN_NAME), Person.id)))


def member(meeting_id: int, membership_id: int) -> Membership:
    """One member of a meeting. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(Membership).where(Membership.meeting_id == meeting_id, Membership.id == membership_id))
    if found is None:
        raise NotFound("There is no such member in this meeting.")
    return found


def voters(meeting_id: int, forum_session_id: int) -> list[Voter]:
    """Who is invited to vote in a forum session, whether accepted or not yet.

    The same people whom `Viewer.votes_in` lets vote, found in one query: tallies ask for them all the time.
    """
    rows = db.session.execute(
        voters_of().order_by(Membership.person_id), {"meeting": meeting_id, "forum_session": forum_session_id})
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


def invitees(meeting_id: int, forum_session_id: int) -> list[Invitee]:
    """Everybody ever invited to take part in a forum session: whoever declined, was removed or erased stays."""
    rows = db.session.execute(
        invited_to().order_by(Membership.person_id), {"meeting": meeting_id, "forum_session": forum_session_id})
    return [Invitee(person_id=row.person_id, stakeholder_group=row.stakeholder_group,
                    invited_on=row.invited_at.date(), left_at=row.revoked_at, outcome=invitation_outcome(
                        row.status, accepted_at=row.accepted_at, declined_at=row.declined_at, erased_at=row.erased_at))
            for row in rows]


Moment = datetime | None


@cache
def invited_to() -> Select[int, str, str, datetime, Moment, Moment, Moment, Moment]:
    """The same as a statement; its parameters are those of `voters_of`."""
    is_assigned = Membership.assignments.any(Assignment.forum_session_id == bindparam("forum_session"))
    return select(
        Membership.person_id, Membership.stakeholder_group, Membership.status, Membership.invited_at,
        Membership.accepted_at, Membership.declined_at, Membership.revoked_at, Person.erased_at).join(
            Person, Person.id == Membership.person_id).where(
                Membership.meeting_id == bindparam("meeting"), Membership.role == Role.PARTICIPANT,
                is_assigned | ~Membership.assignments.any())


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
        select(Membership.person_id, SHOWN_NAME, Membership.role, Membership.stakeholder_group, Membership.status,
               Membership.invited_at).join(Person).where(
            Membership.meeting_id == meeting_id, Membership.role.in_([Role.PARTICIPANT, Role.FACILITATOR]),
            Membership.status.not_in(GONE), is_assigned | ~Membership.assignments.any())
        .order_by(func.lower(SHOWN_NAME), Person.id))
    return [RosterEntry(person_id=person_id, name=name, role=Role(role), stakeholder_group=group,
                        has_accepted=status == MembershipStatus.ACCEPTED, invited_on=invited_at.date())
            for person_id, name, role, group, status, invited_at in rows]


def time_zone(meeting_id: int) -> str:
    """The zone of a meeting's clocks; empty where nobody set it, which is UTC."""
    found = db.session.get(MeetingCalendar, meeting_id)
    return found.time_zone or "" if found is not None else ""


def names_by_id(person_ids: Iterable[int], *, meeting_id: int) -> Mapping[int, str]:
    """The names of some people as a meeting may know them, in the order of the alphabet."""
    return {person_id: shown.name for person_id, shown in shown_people(meeting_id, person_ids).items()}


def shown_people(meeting_id: int, person_ids: Iterable[int]) -> Mapping[int, ShownPerson]:
    """How a meeting shows some people, in the order of the alphabet. One name is stored for all meetings, and another
    meeting's is not told here: it is what this meeting's organizer wrote, or what the person agreed to show here."""
    rows = db.session.execute(
        select(Person.id, SHOWN_NAME, SHOWN_AFFILIATION).outerjoin(
            Membership, (Membership.person_id == Person.id) & (Membership.meeting_id == meeting_id))
        .where(Person.id.in_(list(person_ids))).order_by(func.lower(SHOWN_NAME), Person.id))
    return {person_id: ShownPerson(name=name, affiliation=affiliation) for person_id, name, affiliation in rows}


def organizers(meeting_id: int) -> list[Membership]:
    """The organizers of a meeting."""
    return [found for found in members(meeting_id)
            if found.role == Role.ORGANIZER and found.status not in GONE]


def mail_states(meeting_id: int) -> dict[int, OutgoingMail]:
    """The newest invitation or reminder by person, tests left out."""
    mails = db.session.scalars(
        select(OutgoingMail).where(
            OutgoingMail.meeting_id == meeting_id, OutgoingMail.is_test.is_(False),
            OutgoingMail.template.in_([MailKind.INVITATION, MailKind.REMINDER])).order_by(OutgoingMail.id))
    return {mail.person_id: mail for mail in mails}


def due_mail_ids(moment: datetime) -> list[int]:
    """Mails whose time to be sent has come, oldest first."""
    return list(db.session.scalars(
        select(OutgoingMail.id).where(OutgoingMail.state == MailState.QUEUED, OutgoingMail.due_at <= moment)
        .order_by(OutgoingMail.id)))
