"""Reads of recusals: who is out of which round's denominator."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from sigforum.agenda.models import ForumSession
from sigforum.ballots.domain import Secrecy
from sigforum.ballots.models import Participation, Recusal, Round, Vote
from sigforum.extensions import UtcDateTime, db
from sigforum.kernel.errors import NotFound

# Whatever was not taken back holds now.
_END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


@cache
def recused_of() -> Select[int]:
    """Who is recused from a round, as a statement to count or to join with; its parameters are those of `place`.

    A round that is open counts by the recusals that held when it opened: a total that moved when somebody is recused,
    or is not any more, would be their vote. They take effect together when it closes, and stay as they stood then.
    """
    at = bindparam("recused_at", type_=UtcDateTime)
    return select(Recusal.person_id).where(
        Recusal.forum_session_id == bindparam("recused_session"),
        Recusal.poll_id.is_(None) | (Recusal.poll_id == bindparam("recused_poll")),
        Recusal.made_at <= at, Recusal.taken_back_at.is_(None) | (Recusal.taken_back_at > at))


@cache
def recused_from_secret() -> Select[int]:
    """The same for a secret round, without those who voted before: their ballots name nobody and stay counted, and
    so do they. Its parameter beside those of `place` is `round`."""
    voted = select(Participation.person_id).where(Participation.round_id == bindparam("round"))
    return recused_of().where(Recusal.person_id.not_in(voted))


def place(asked: Round) -> Mapping[str, Any]:
    """The parameters of the statements above for a round."""
    return {"round": asked.id, "recused_session": asked.poll.forum_session_id, "recused_poll": asked.poll_id,
            "recused_at": asked.closed_at or asked.opened_at}


def recused_ids(asked: Round) -> set[int]:
    """Whose ballots a round does not count, and who is not in its denominator."""
    return _recused(asked, place(asked))


def recused_now(asked: Round) -> set[int]:
    """Who cannot vote in a round at this moment; its count follows when it closes."""
    return _recused(asked, {**place(asked), "recused_at": asked.closed_at or _END_OF_TIME})


def would_count(asked: Round) -> int:
    """How many ballots a round whose ballots name people would count if it closed at this moment."""
    return db.session.scalar(select(func.count()).select_from(Vote).where(
        Vote.round_id == asked.id, Vote.person_id.not_in(recused_now(asked)))) or 0


def _recused(asked: Round, there: Mapping[str, Any]) -> set[int]:
    is_secret = asked.frozen.secrecy == Secrecy.SECRET
    return set(db.session.scalars(recused_from_secret() if is_secret else recused_of(), there))


def recusals(forum_session_id: int) -> list[Recusal]:
    """Every recusal of a forum session, those that were taken back included, oldest first."""
    return list(db.session.scalars(
        select(Recusal).where(Recusal.forum_session_id == forum_session_id).order_by(Recusal.id)))


def standing(forum_session_id: int, *, person_id: int) -> list[Recusal]:
    """The recusals of one person that hold now."""
    return [one for one in recusals(forum_session_id) if one.person_id == person_id and one.taken_back_at is None]


def recusal(meeting_id: int, recusal_id: int) -> Recusal:
    """One recusal of a meeting. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(Recusal).join(ForumSession, ForumSession.id == Recusal.forum_session_id)
        .where(Recusal.id == recusal_id, ForumSession.meeting_id == meeting_id))
    if found is None:
        raise NotFound("There is no such recusal here.")
    return found
