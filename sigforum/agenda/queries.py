"""Reads of the agenda; always of one meeting, which the viewer was found to be a member of."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from sigforum.agenda.models import Day, ForumSession, Meeting, Question, Slot
from sigforum.extensions import db
from sigforum.kernel.errors import NotFound


def meeting_by_slug(slug: str) -> Meeting:
    """A meeting by its name in the address bar; for commands, which have no viewer. Raises NotFound."""
    found = db.session.scalar(select(Meeting).where(Meeting.slug == slug))
    if found is None:
        raise NotFound(f"There is no meeting {slug!r}.")
    return found


def meetings() -> list[Meeting]:
    """All meetings, newest first; for commands."""
    return list(db.session.scalars(select(Meeting).order_by(Meeting.id.desc())))


def days(meeting_id: int) -> list[Day]:
    """The days of a meeting with slots, forum sessions, questions and wordings, in a fixed number of queries."""
    return list(db.session.scalars(
        select(Day).where(Day.meeting_id == meeting_id).order_by(Day.position).options(
            selectinload(Day.slots).selectinload(Slot.forum_sessions)
            .selectinload(ForumSession.questions).selectinload(Question.wordings))))


def forum_session(meeting_id: int, code: str) -> ForumSession:
    """A forum session by its code, removed ones included: their threads can still be read. Raises NotFound."""
    found = db.session.scalars(_whole_forum_session(), {"meeting": meeting_id, "code": code}).unique().one_or_none()
    if found is None:
        raise NotFound("There is no such session in this meeting.")
    return found


@cache
def _whole_forum_session() -> Select[ForumSession]:
    """A forum session with its handful of questions, in one query, built once. The meeting was read with the
    viewer."""
    return select(ForumSession).where(
        ForumSession.meeting_id == bindparam("meeting"), ForumSession.code == bindparam("code")).options(
            joinedload(ForumSession.slot).joinedload(Slot.day),
            joinedload(ForumSession.questions).joinedload(Question.wordings))


def forum_session_by_id(meeting_id: int, forum_session_id: int) -> ForumSession:
    """A forum session of a meeting by id. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(ForumSession).where(
            ForumSession.meeting_id == meeting_id, ForumSession.id == forum_session_id))
    if found is None:
        raise NotFound("There is no such session in this meeting.")
    return found


def forum_sessions(meeting_id: int) -> list[ForumSession]:
    """The forum sessions on the agenda, in its order."""
    return list(db.session.scalars(
        select(ForumSession).where(ForumSession.meeting_id == meeting_id, ForumSession.removed_at.is_(None))
        .order_by(ForumSession.position)
        .options(selectinload(ForumSession.questions).selectinload(Question.wordings))))


def all_forum_sessions(meeting_id: int) -> list[ForumSession]:
    """The forum sessions in the agenda's order, and then those that were taken off it, whose threads can be read."""
    return list(db.session.scalars(
        select(ForumSession).where(ForumSession.meeting_id == meeting_id)
        .order_by(ForumSession.removed_at.is_not(None), ForumSession.position, ForumSession.id)))


def questions_by_id(forum_session_ids: Collection[int], question_ids: Collection[int]) -> list[Question]:
    """Some questions of these forum sessions with their wordings, in the order in which each session asks them."""
    return list(db.session.scalars(
        select(Question).where(Question.id.in_(question_ids), Question.forum_session_id.in_(forum_session_ids))
        .order_by(Question.position, Question.id)))


def question(meeting_id: int, question_id: int) -> Question:
    """A question of a meeting. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(Question).join(ForumSession)
        .where(Question.id == question_id, ForumSession.meeting_id == meeting_id))
    if found is None:
        raise NotFound("There is no such question in this meeting.")
    return found
