"""Reading the numbered events of meetings."""

from collections.abc import Mapping

from sqlalchemy import and_, bindparam, exists, func, or_, select

from sigforum.extensions import db
from sigforum.transaction import MeetingCounter, MeetingEvent

# Built once: asked at every turn of the ticker and by every page that joins.
_LAST_NUMBER = select(MeetingCounter.last_number).where(MeetingCounter.meeting_id == bindparam("meeting"))


def last_number(meeting_id: int) -> int:
    """The number of a meeting's newest event; 0 before the first."""
    return db.session.scalar(_LAST_NUMBER, {"meeting": meeting_id}) or 0


def newer(cursors: Mapping[int, int], *, most: int = 500) -> list[MeetingEvent]:
    """The events after each meeting's cursor, in order."""
    if not cursors:
        return []
    behind = [and_(MeetingEvent.meeting_id == identifier, MeetingEvent.number > number)
              for identifier, number in cursors.items()]
    return list(db.session.scalars(
        select(MeetingEvent).where(or_(*behind))
        .order_by(MeetingEvent.meeting_id, MeetingEvent.number).limit(most)))


def missed(meeting_id: int, *, after: int, most: int) -> list[MeetingEvent]:
    """The events of a meeting after a number, oldest first, at most `most`."""
    return list(db.session.scalars(
        select(MeetingEvent).where(MeetingEvent.meeting_id == meeting_id, MeetingEvent.number > after)
        .order_by(MeetingEvent.number).limit(most)))


def is_forum_of(forum_session_id: int, meeting_id: int) -> bool:
    """Whether a forum session belongs to a meeting; asked of the bare table, which a higher feature owns."""
    if not 0 < forum_session_id < 2**31:
        # No column holds such a number; a database would answer with an error.
        return False
    table = db.metadata.tables["forum_sessions"]
    return db.session.scalar(
        select(table.c.id).where(table.c.id == forum_session_id, table.c.meeting_id == meeting_id)) is not None


def meeting_of_forum(forum_session_id: int) -> int:
    """The meeting of a forum session, asked in the same way; 0 where there is none."""
    table = db.metadata.tables["forum_sessions"]
    return db.session.scalar(select(table.c.meeting_id).where(table.c.id == forum_session_id)) or 0


def names_people(*forum_session_ids: int) -> bool:
    """Whether each of these forum sessions names whoever speaks in it; asked of the bare tables in the same way.

    One does not where its rule of attribution is another, nor where words that were written under another stand in it.
    """
    places, said = db.metadata.tables["forum_sessions"], db.metadata.tables["responses"]
    has_unnamed = exists().where(said.c.forum_session_id == places.c.id, said.c.attribution != "named")
    naming = db.session.scalar(select(func.count()).select_from(places).where(
        places.c.id.in_(forum_session_ids), places.c.attribution == "named", ~has_unnamed))
    return naming == len(set(forum_session_ids))


def is_question_of(question_id: int, forum_session_id: int) -> bool:
    """Whether a question belongs to a forum session, asked in the same way."""
    if not 0 < question_id < 2**31:
        return False
    table = db.metadata.tables["questions"]
    return db.session.scalar(select(table.c.id).where(
        table.c.id == question_id, table.c.forum_session_id == forum_session_id)) is not None
