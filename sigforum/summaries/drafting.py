"""The draft of a summary: made from what was voted, in the words that were voted on, no sentence of its own."""

from sigforum.agenda import queries as agenda
from sigforum.agenda.domain import ForumSessionState
from sigforum.agenda.models import ForumSession
from sigforum.extensions import db
from sigforum.people.domain import Viewer
from sigforum.summaries import queries
from sigforum.summaries.changing import changed
from sigforum.summaries.domain import LineKind, SummaryState, Wording, one_line
from sigforum.summaries.models import LineSource, SessionSummary
from sigforum.summaries.policy import check
from sigforum.summaries.poll_results import poll_summaries
from sigforum.summaries.writing import add_line
from sigforum.transaction import transaction


def begin_summary(viewer: Viewer, forum_session_id: int) -> SessionSummary:
    """Draft a summary before its forum session closes, for facilitators who write along."""
    check("write", viewer, forum_session_id)
    return draft_summary(agenda.forum_session_by_id(viewer.meeting_id, forum_session_id), actor_id=viewer.person_id)


def draft_closed_sessions() -> None:
    """Draft the summary of every closed forum session that has none."""
    for identifier in queries.undrafted(ForumSessionState.CLOSED):
        found = db.session.get(ForumSession, identifier)
        if found is not None:
            draft_summary(found, actor_id=None)


def draft_again(forum_session_id: int) -> None:
    """Draft a forum session's summary, or add to its draft what was revealed meanwhile."""
    found = db.session.get(ForumSession, forum_session_id)
    if found is not None:
        draft_summary(found, actor_id=None)


def draft_summary(forum_session: ForumSession, *, actor_id: int | None) -> SessionSummary:
    """A summary with a statement for each one that a rule has judged and the room has seen judged.

    Drafting again adds what was revealed meanwhile; once somebody writes in it, the draft is left alone.
    """
    identifier = forum_session.id
    with transaction() as tx:
        summary = queries.summary_of(identifier)
        if summary is None:
            summary = SessionSummary(forum_session_id=identifier, lines=[], minority_positions=[], sign_offs=[],
                                     versions=[])
            db.session.add(summary)
            db.session.flush()
            changed(tx, summary, "summary_drafted", actor_id=actor_id, is_text=False)
        if summary.state == SummaryState.DRAFTED and _add_judged(summary):
            changed(tx, summary, "summary_statements_drafted", actor_id=actor_id)
    return summary


def _add_judged(summary: SessionSummary) -> bool:
    """Whether something was added."""
    # A statement that was removed from the draft by hand is not brought back.
    there = {one_line(line.wording.text) for line in summary.lines}
    before = len(there)
    for poll in poll_summaries(summary.forum_session_id)[0]:
        for line in poll.lines:
            if line.verdict is None or not line.key.startswith("o") or one_line(line.text) in there:
                continue
            there.add(one_line(line.text))
            add_line(summary, kind=LineKind.STATEMENT, words=Wording(text=line.text), author_id=None,
                     sources=[LineSource(option_id=int(line.key[1:]))])
    return len(there) > before
