"""Reads of what is open and when it ends."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from sigforum.ballots.domain import PollState
from sigforum.ballots.models import Poll, Round
from sigforum.extensions import db


def due_poll_ids(*, at: datetime) -> list[int]:
    """The open polls whose timer and grace have run out."""
    ended = db.session.scalars(
        select(Round).join(Poll, Round.poll_id == Poll.id)
        .where(Poll.state == PollState.OPEN, Round.closed_at.is_(None), Round.ends_at < at))
    return [asked.poll_id for asked in ended if asked.last_moment is not None and asked.last_moment < at]


@dataclass(frozen=True, kw_only=True)
class RoundVersion:
    """What the ticker compares to know that a tally has changed."""

    poll_id: int
    forum_session_id: int
    version: int
    ends_at: datetime | None


# Made once: the live loop asks it up to twenty times a second.
_OPEN_ROUNDS = (
    select(Poll.id, Poll.forum_session_id, Round.version, Round.ends_at).join(Round, Round.poll_id == Poll.id)
    .where(Poll.forum_session_id.in_(bindparam("forum_sessions", expanding=True)), Poll.state == PollState.OPEN,
           Round.closed_at.is_(None)))


def round_versions(forum_session_ids: list[int]) -> list[RoundVersion]:
    """The versions of the open rounds of some forum sessions, in one query."""
    if not forum_session_ids:
        return []
    rows = db.session.connection().execute(_OPEN_ROUNDS, {"forum_sessions": forum_session_ids})
    return [RoundVersion(poll_id=poll_id, forum_session_id=forum_session_id, version=version, ends_at=ends_at)
            for poll_id, forum_session_id, version, ends_at in rows]
