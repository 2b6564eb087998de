"""What moves numbers ends before a summary is published: points, and polls."""


from sqlalchemy import select

from sigforum.ballots import actions as ballots
from sigforum.ballots.domain import PollState
from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.people.domain import Viewer
from sigforum.summaries import queries
from sigforum.summaries.domain import SummaryState
from sigforum.summaries.events import SummaryChanged
from sigforum.summaries.models import SessionSummary
from sigforum.transaction import transaction

# Why an entry of the log has no person: nobody closed this poll by hand.
BY_PUBLICATION = "publication"


def open_polls(forum_session_id: int) -> list[Poll]:
    """What can be voted in now, priorities first."""
    return list(db.session.scalars(
        select(Poll).where(Poll.forum_session_id == forum_session_id, Poll.state == PollState.OPEN)
        .order_by(Poll.is_standing.desc(), Poll.id)))


def open_texts(forum_session_id: int) -> list[str]:
    """What an editor is told of it."""
    return ["Points can still be laid on responses; publishing closes the priorities." if poll.is_standing
            else f"The poll “{poll.title}” is open. Close it before you publish."
            for poll in open_polls(forum_session_id)]


def lock_polls(forum_session_id: int) -> None:
    """Keep every poll of a session as it is until the end of the transaction. Polls are locked before the summary, as
    whoever opens one does it, so that neither waits for the other."""
    db.session.scalars(select(Poll.id).where(Poll.forum_session_id == forum_session_id).order_by(Poll.id)
                       .with_for_update()).all()


def end_votes(viewer: Viewer, forum_session_id: int) -> None:
    """Close the priorities before a publication, in its transaction. Raises Invalid while a poll is open: its voters
    were promised that it ends when its facilitator ends it."""
    found = open_polls(forum_session_id)
    asked = [f"“{poll.title}”" for poll in found if not poll.is_standing]
    if asked:
        raise Invalid({"": f"{' and '.join(asked)} {'is' if len(asked) == 1 else 'are'} still open. Close what can be "
                           "voted in before you publish: nothing may move afterwards."})
    for poll in found:
        ballots.move_poll(viewer, poll.id, verb="close")


def end_votes_of_published() -> None:
    """Close what was left open in sessions whose summary is published already: before this was closed with the
    publication, points could be laid afterwards."""
    left_open = db.session.scalars(
        select(Poll.id).join(SessionSummary, SessionSummary.forum_session_id == Poll.forum_session_id)
        .where(Poll.state == PollState.OPEN, SessionSummary.state == SummaryState.PUBLISHED).order_by(Poll.id)).all()
    for poll_id in left_open:
        ballots.close_by_itself(poll_id, by=BY_PUBLICATION)


def refuse_after_publication(poll: Poll) -> None:
    """Raises Conflict where the summary is published: a vote would move numbers that are printed."""
    summary = queries.summary_to_lock(poll.forum_session_id)
    if summary is not None and summary.state == SummaryState.PUBLISHED:
        raise Conflict("The summary of this session is published, so nothing more is voted in it. "
                       "Open a correction of the summary first.")


def ask_signers_again(poll: Poll, verb: str) -> None:
    """A result that is shown while people sign changes what the summary says: whoever signed is asked again."""
    if verb not in ("reveal", "decide") or poll.is_standing:
        return
    summary = queries.summary_to_lock(poll.forum_session_id)
    if summary is None or summary.state not in (SummaryState.IN_REVIEW, SummaryState.SIGNED_OFF):
        return
    with transaction() as tx:
        summary.revision += 1
        summary.changed_at = now()
        tx.publish(SummaryChanged(meeting_id=poll.forum_session.meeting_id, person_id=None,
                                  forum_session_id=poll.forum_session_id))
