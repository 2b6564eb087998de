"""How many people a summary asks to review and sign: a number that no removal, erasure or other role moves.

Whoever removes somebody while signing goes on would otherwise see whether that person had signed: those who had stay
counted because their signature does.
"""

from sigforum.people import invited_queries
from sigforum.summaries.domain import SummaryState
from sigforum.summaries.models import SessionSummary


def signed(summary: SessionSummary) -> int:
    """How many have signed the text as it stands."""
    return sum(one.revision == summary.revision for one in summary.sign_offs)


def asked(summary: SessionSummary) -> int:
    """How many are asked to review and sign the text as it stands, or were when its review was closed."""
    kept = max(summary.asked or 0, signed(summary))
    if summary.asked is not None and summary.state in (SummaryState.SIGNED_OFF, SummaryState.PUBLISHED):
        return kept
    return max(kept, _able(summary))


def note_asked(summary: SessionSummary, *, verb: str) -> None:
    """Keep the number when people are asked, and when their review is closed; in a running transaction."""
    if verb == "ask_review":
        summary.asked = max(summary.asked or 0, _able(summary)) if signed(summary) else _able(summary)
    elif verb == "close_review":
        summary.asked = asked(summary)


def _able(summary: SessionSummary) -> int:
    forum_session = summary.forum_session
    return sum(voter.has_accepted for voter in invited_queries.voters(forum_session.meeting_id, forum_session.id))
