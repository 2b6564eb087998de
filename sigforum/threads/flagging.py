"""Flagging a response to the chair: hidden at once, and the chair decides."""

from sqlalchemy import select, update

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict
from sigforum.people.domain import Viewer
from sigforum.threads import queries
from sigforum.threads.domain import UNDER_REVIEW
from sigforum.threads.events import ResponseChanged
from sigforum.threads.models import Response, ResponseFlag
from sigforum.threads.policy import check
from sigforum.transaction import transaction


def flag_response(viewer: Viewer, response_id: int, *, reason: str) -> Response:
    """Hide somebody's response until the chair decides. The room is never told who flagged it.

    Nobody hides a discussion so: a person has one undecided flag in a session, and flags a response once. Raises
    Conflict for more.
    """
    with transaction() as tx:
        response = queries.response(viewer.meeting_id, response_id)
        # One after another: of two flags at the same moment the second finds it hidden.
        db.session.execute(select(Response.id).where(Response.id == response_id).with_for_update())
        db.session.refresh(response)
        check("flag", viewer, response.question.forum_session, response)
        mine = db.session.scalars(select(ResponseFlag).where(
            ResponseFlag.forum_session_id == response.forum_session_id,
            ResponseFlag.flagged_by_id == viewer.person_id)).all()
        if any(flag.response_id == response_id for flag in mine):
            raise Conflict("You flagged this response before, and the chair has decided to show it.")
        if any(flag.decided_at is None for flag in mine):
            raise Conflict("You flagged another response here, and the chair has not decided about it yet.")
        db.session.add(ResponseFlag(forum_session_id=response.forum_session_id, response_id=response_id,
                                    flagged_by_id=viewer.person_id, reason=reason))
        response.hidden_at = response.review_since = now()
        response.hidden_reason = UNDER_REVIEW
        # The words of a reason may repeat what should not have been said; the log is kept for good.
        record("response_flagged", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"response {response_id}", before="shown", after="flagged")
        tx.publish(ResponseChanged(
            meeting_id=viewer.meeting_id, forum_session_id=response.forum_session_id, response_id=response_id,
            person_id=response.author_id))
    return response


def close_flags(viewer: Viewer, response: Response, *, is_upheld: bool | None) -> None:
    """Note what became of a response's undecided flags; None where its author withdrew it. Part of a decision."""
    response.review_since = None if is_upheld is not None else response.review_since
    db.session.execute(
        update(ResponseFlag).where(ResponseFlag.response_id == response.id, ResponseFlag.decided_at.is_(None))
        .values(decided_at=now(), decided_by_id=viewer.person_id, is_upheld=is_upheld))
