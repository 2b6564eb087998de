"""Work of summaries that the worker does."""


from sigforum.agenda.domain import ForumSessionState
from sigforum.agenda.models import ForumSession
from sigforum.ballots.models import Poll
from sigforum.extensions import Job
from sigforum.summaries.drafting import draft_again, draft_closed_sessions
from sigforum.summaries.ending_votes import end_votes_of_published
from sigforum.transaction import Transaction, transaction


def draft_when_closed(tx: Transaction, forum_session: ForumSession) -> None:
    """Have the summary drafted the moment a session closes."""
    if forum_session.state == ForumSessionState.CLOSED:
        tx.after_commit(wake_drafts)


def draft_when_revealed(poll: Poll, verb: str) -> None:
    """Add to a draft what is revealed after the session closed."""
    if verb == "reveal" and poll.forum_session.state == ForumSessionState.CLOSED:
        with transaction() as tx:
            identifier = poll.forum_session_id
            tx.after_commit(lambda: wake_draft(identifier))


def draft_missed() -> None:
    """Draft what was closed while no worker ran, and close what a publication left open."""
    draft_closed_sessions()
    end_votes_of_published()


@Job
def wake_drafts() -> None:
    """Draft the summary of every closed session that has none."""
    draft_closed_sessions()


@Job
def wake_draft(forum_session_id: int) -> None:
    """Draft one session's summary again."""
    draft_again(forum_session_id)


def sweep_drafts() -> None:
    """Draft what waits although its wake-up was lost."""
    draft_closed_sessions()
