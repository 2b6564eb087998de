"""Closing a forum session closes what can be voted in it."""

from sqlalchemy import select

from sigforum.agenda.domain import ForumSessionState
from sigforum.agenda.models import ForumSession
from sigforum.ballots.actions import close_by_itself
from sigforum.ballots.domain import PollState
from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.transaction import Transaction

# What closed a round, for the log.
BY_SESSION = "session"


def close_with_session(_tx: Transaction, forum_session: ForumSession) -> None:
    """Close every open round of a session that closes, the priorities too. Part of its transaction.

    All polls are locked, in the order of their ids as votes lock them: one that is being opened meanwhile is either
    found open here, or finds the session closed.
    """
    if forum_session.state != ForumSessionState.CLOSED:
        return
    db.session.flush()
    polls = db.session.scalars(
        select(Poll).where(Poll.forum_session_id == forum_session.id).order_by(Poll.id)
        .with_for_update().execution_options(populate_existing=True)).all()
    for poll in polls:
        if poll.state == PollState.OPEN:
            close_by_itself(poll.id, by=BY_SESSION)
