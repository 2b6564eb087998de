"""Moving a summary on: asking for review, closing it, publishing, and correcting what was published."""

from sigforum.agenda import actions as agenda
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Invalid
from sigforum.people.domain import Viewer
from sigforum.summaries import assemble
from sigforum.summaries.asking import note_asked
from sigforum.summaries.changing import changed, locked
from sigforum.summaries.document.plain import canonical_json
from sigforum.summaries.domain import MOVES, LineKind, SummaryState, next_state
from sigforum.summaries.ending_votes import end_votes, lock_polls
from sigforum.summaries.models import PublishedVersion, SessionSummary
from sigforum.summaries.policy import check
from sigforum.summaries.poll_results import tally_sheets
from sigforum.transaction import transaction


def move_summary(viewer: Viewer, forum_session_id: int, *, verb: str, reason: str = "") -> SessionSummary:
    """Use one of the verbs of `domain.MOVES`. Repeating a move that is done changes nothing; `reason` says what
    `correct` corrects.

    Publishing closes the priorities. Raises Invalid where there is nothing to review yet, and for a publication while
    a poll is open; Conflict for a move that the state does not allow.
    """
    check("write", viewer, forum_session_id)
    with transaction() as tx:
        if verb == "publish":
            lock_polls(forum_session_id)
        summary = locked(viewer, forum_session_id)
        state = SummaryState(summary.state)
        if any(moves.get(verb) == state for moves in MOVES.values()) and verb not in MOVES[state]:
            return summary
        wanted = next_state(state, verb)
        if verb == "ask_review":
            _check_complete(summary)
        if verb == "publish":
            end_votes(viewer, forum_session_id)
        note_asked(summary, verb=verb)
        summary.state = wanted
        if verb == "correct":
            summary.erratum = reason
        changed(tx, summary, f"summary_{verb}", actor_id=viewer.person_id, is_text=False, reason=reason, before=state,
                after=wanted)
        if verb == "publish":
            _publish(viewer, summary)
    return summary


def _check_complete(summary: SessionSummary) -> None:
    if not any(line.kind == LineKind.ANSWER for line in summary.standing):
        raise Invalid({"": "Write the answer to the central question first: two sentences are enough."})


def _publish(viewer: Viewer, summary: SessionSummary) -> None:
    """Keep the document as it is now, for good."""
    db.session.flush()
    number, moment = len(summary.versions) + 1, now()
    document = assemble.edition_to_publish(summary, number=number, published_at=moment)
    summary.versions.append(PublishedVersion(
        number=number, document=canonical_json(document.to_json()), sha256=document.provenance.inputs_sha256,
        sheets={name: sheet.decode() for name, sheet in tally_sheets(summary.forum_session_id).items()},
        erratum=summary.erratum, published_by_id=viewer.person_id, published_at=moment))
    summary.erratum = ""
    agenda.mark_summarised(viewer, summary.forum_session_id)
