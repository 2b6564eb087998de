"""What every change of a summary does: find it behind its lock, note it, and tell the pages."""

from typing import Any

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.audit.actions import record
from sigforum.kernel.clock import now
from sigforum.people.domain import Viewer
from sigforum.summaries import queries
from sigforum.summaries.events import SummaryChanged
from sigforum.summaries.models import Line, SessionSummary
from sigforum.transaction import Transaction


def locked(viewer: Viewer, forum_session_id: int) -> SessionSummary:
    """A summary of the viewer's meeting, locked. Raises NotFound."""
    return queries.locked_summary(agenda.forum_session_by_id(viewer.meeting_id, forum_session_id).id)


def locked_line(viewer: Viewer, line_id: int) -> Line:
    """A line of the viewer's meeting, its summary locked. Raises NotFound."""
    found = queries.line(viewer.meeting_id, line_id)
    queries.locked_summary(found.summary.forum_session_id)
    return queries.line(viewer.meeting_id, line_id)


def changed(tx: Transaction, summary: SessionSummary, verb: str, *, actor_id: int | None, subject: str = "",
            line_id: int = 0, is_text: bool = True, **detail: Any) -> None:
    """Note a change and tell the pages. `is_text`: the words changed, so that whoever signed is asked again."""
    if is_text:
        summary.revision += 1
        summary.changed_at = now()
    forum_session: ForumSession = summary.forum_session
    record(verb, meeting_id=forum_session.meeting_id, actor_id=actor_id,
           subject=subject or (f"summary line {line_id}" if line_id else f"summary {summary.id}"), **detail)
    tx.publish(SummaryChanged(meeting_id=forum_session.meeting_id, forum_session_id=forum_session.id,
                              person_id=actor_id, line_id=line_id))
