"""Reads of interests and of the rules of entry; always of one meeting, which the viewer is a member of."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Select, Table, bindparam, select

from sigforum.agenda.domain import ForumSessionState
from sigforum.agenda.models import ForumSession
from sigforum.disclosures.domain import DEFAULT_NOTICE, Declared, DisclosureCounts, NoticeText, Stance, count_declared
from sigforum.disclosures.hooks import relies_on_attribution
from sigforum.disclosures.models import Acknowledgement, Disclosure, EntryRule, Notice
from sigforum.disclosures.policy import attribution_lock, told_upto
from sigforum.extensions import db
from sigforum.live.queries import names_people
from sigforum.people import invited_queries, place_queries
from sigforum.people.domain import Viewer


def history(meeting_id: int, *, person_id: int) -> list[Disclosure]:
    """Every version of what somebody declared in a meeting, newest first."""
    return list(db.session.scalars(
        select(Disclosure).where(Disclosure.meeting_id == meeting_id, Disclosure.person_id == person_id)
        .order_by(Disclosure.number.desc())))


def own_newest(meeting_id: int, *, person_id: int) -> Mapping[int | None, Disclosure]:
    """The newest version by forum session, None for the whole meeting."""
    return {one.forum_session_id: one for one in reversed(history(meeting_id, person_id=person_id))}


def in_force(forum_session: ForumSession, *, at: datetime | None = None,
             upto: int | None = None) -> Mapping[int, Disclosure]:
    """What holds for a forum session by person, now or as it stood at a moment or after a declaration: what was
    declared for the session itself, and else what was declared for the whole meeting."""
    rows = _about(forum_session, Disclosure)
    if at is not None:
        rows = rows.where(Disclosure.declared_at <= at)
    if upto is not None:
        rows = rows.where(Disclosure.id <= upto)
    whole: dict[int, Disclosure] = {}
    own: dict[int, Disclosure] = {}
    for one in db.session.scalars(rows.order_by(Disclosure.number)):
        (whole if one.forum_session_id is None else own)[one.person_id] = one
    own = {person_id: one for person_id, one in own.items() if one.stance != Stance.AS_MEETING}
    return whole | own


def _about(forum_session: ForumSession, *columns: Any) -> Select[Any]:
    return select(*columns).where(
        Disclosure.meeting_id == forum_session.meeting_id,
        Disclosure.forum_session_id.is_(None) | (Disclosure.forum_session_id == forum_session.id))


def told_by_name(forum_session: ForumSession) -> Mapping[int, Disclosure]:
    """What those who chair are told of each person. While a forum session of the meeting that names nobody goes on,
    it moves as watched totals do, by three people at a time: a name that comes alone would stand beside the unnamed
    words of whoever has just come in."""
    if not is_stepped(forum_session):
        return in_force(forum_session)
    asked = {voter.person_id for voter in invited_queries.voters(forum_session.meeting_id, forum_session.id)
             if voter.has_accepted}
    rows = db.session.execute(_about(forum_session, Disclosure.id, Disclosure.person_id).order_by(Disclosure.id))
    return in_force(forum_session, upto=told_upto(((row.id, row.person_id) for row in rows), asked=asked))


def is_stepped(forum_session: ForumSession) -> bool:
    """Whether a forum session of its meeting that has not ended names nobody."""
    going_on = db.session.scalars(select(ForumSession.id).where(
        ForumSession.meeting_id == forum_session.meeting_id,
        ForumSession.state.not_in((ForumSessionState.CLOSED, ForumSessionState.SUMMARISED))))
    return not names_people(*going_on)


def declarers(forum_session: ForumSession, *, at: datetime | None = None) -> frozenset[int]:
    """Who declared an interest that holds for a forum session."""
    return frozenset(person_id for person_id, one in in_force(forum_session, at=at).items()
                     if one.stance == Stance.INTERESTS)


def counts(forum_session: ForumSession) -> DisclosureCounts:
    """How many of those who accepted and could vote in a forum session declared what. Whoever was removed or erased, or
    got another role, stays counted with what they declared: that is how it was, and the counts before and after would
    tell what that one person declared."""
    found = in_force(forum_session)
    declared: list[Declared | None] = []
    for voter in place_queries.invitees(forum_session.meeting_id, forum_session.id):
        if voter.has_accepted:
            one = found.get(voter.person_id)
            declared.append(one.declared if one else None)
    return count_declared(declared)


def is_entry_asked(meeting_id: int) -> bool:
    """Whether people of a meeting acknowledge its rules before they take part."""
    rule = db.session.get(EntryRule, meeting_id)
    return rule is not None and rule.is_on


def notice(meeting_id: int) -> NoticeText:
    """The notice as it reads now."""
    newest = db.session.scalar(
        select(Notice).where(Notice.meeting_id == meeting_id).order_by(Notice.number.desc()).limit(1))
    return NoticeText(number=newest.number, text=newest.text) if newest else NoticeText(number=0, text=DEFAULT_NOTICE)


def acknowledgement(forum_session_id: int, *, person_id: int) -> Acknowledgement | None:
    """What somebody acknowledged in a forum session."""
    return db.session.get(Acknowledgement, (forum_session_id, person_id))


def needs_entry(viewer: Viewer, forum_session_id: int) -> bool:
    """Whether the viewer has to acknowledge the rules before posting or voting here."""
    return (viewer.speaks_in(forum_session_id) and is_entry_asked(viewer.meeting_id)
            and acknowledgement(forum_session_id, person_id=viewer.person_id) is None)


def needing_entry(viewer: Viewer, forum_session_ids: Collection[int]) -> frozenset[int]:
    """The same for several forum sessions of the viewer's meeting: those whose rules the viewer has not read."""
    if not is_entry_asked(viewer.meeting_id):
        return frozenset()
    read = frozenset(db.session.scalars(select(Acknowledgement.forum_session_id).where(
        Acknowledgement.person_id == viewer.person_id, Acknowledgement.forum_session_id.in_(forum_session_ids))))
    return frozenset(one for one in forum_session_ids if viewer.speaks_in(one)) - read


def place_of(forum_session_id: int) -> ForumSession:
    """The forum session whose rules somebody was told to read."""
    return db.session.get_one(ForumSession, forum_session_id)


def lock_of(forum_session: ForumSession) -> str:
    """Why a forum session's rule of attribution cannot change any more; empty while it can. Higher features say what
    was done under it."""
    relied_on = (*relies_on_attribution(forum_session), _is_acknowledged(forum_session))
    return attribution_lock(forum_session.state, [words for words in relied_on if words])


def _is_acknowledged(forum_session: ForumSession) -> str:
    found = db.session.scalar(select(Acknowledgement.person_id).where(
        Acknowledgement.forum_session_id == forum_session.id).limit(1))
    return "Somebody has acknowledged it." if found is not None else ""


_rules, _acknowledged = (cast(Table, model.__table__) for model in (EntryRule, Acknowledgement))
# Made once: the ballot box asks them for every batch of votes.
_IS_ON = select(_rules.c.is_on).where(_rules.c.meeting_id == bindparam("meeting"))
_ENTERED = select(_acknowledged.c.forum_session_id, _acknowledged.c.person_id).where(
    _acknowledged.c.forum_session_id.in_(bindparam("forum_sessions", expanding=True)),
    _acknowledged.c.person_id.in_(bindparam("people", expanding=True)))


def asks_entry(connection: Connection, meeting_id: int) -> bool:
    """The same as `is_entry_asked`, inside a transaction of the caller's."""
    return bool(connection.scalar(_IS_ON, {"meeting": meeting_id}))


def entered(connection: Connection, forum_session_ids: Sequence[int],
            person_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Who of these people has acknowledged the rules of these forum sessions: (forum session, person)."""
    rows = connection.execute(_ENTERED, {"forum_sessions": forum_session_ids, "people": person_ids})
    return {(row.forum_session_id, row.person_id) for row in rows}
