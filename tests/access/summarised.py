"""Two summaries for the scene: one that is being written, and one in review after two published versions."""

from typing import Any

from sigforum.extensions import db
from sigforum.summaries import queries
from sigforum.summaries.actions import move_summary
from sigforum.summaries.domain import LineKind, SummaryState, Wording
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.models import SessionSummary
from sigforum.summaries.reviewing import write_position
from sigforum.summaries.writing import write_line
from sigforum.transaction import transaction
from tests.ballots.polling import add_voters
from tests.casting import Cast


def summaries_in(cast: Cast) -> dict[str, Any]:
    """The ids of what was made."""
    add_voters(cast, 1)
    ids: dict[str, Any] = {}
    for code, chair in (("1A", "finn"), ("1B", "gus")):
        viewer, identifier = cast.viewer(chair), cast.forum_session(code).id
        summary = begin_summary(viewer, identifier).id
        for kind, text in ((LineKind.ANSWER, "The answer"), (LineKind.STATEMENT, "A statement"),
                           (LineKind.STATEMENT, "Another statement")):
            line = write_line(viewer, identifier, kind=kind, words=Wording(text=f"{text} of {code}: canary of lines"))
            ids |= {"line": ids.get("line_two"), "line_two": line.id} if code == "1A" else {"reviewed": line.id}
        if code == "1A":
            # As if nobody had written yet, so that beginning adds what was revealed meanwhile.
            with transaction():
                db.session.get_one(SessionSummary, summary).state = SummaryState.DRAFTED
            continue
        for verb in ("ask_review", "close_review", "publish", "correct", "ask_review", "close_review", "publish",
                     "correct", "ask_review"):
            move_summary(viewer, identifier, verb=verb, reason="A mistake" if verb == "correct" else "")
        ids["position"] = write_position(cast.viewer("ben"), identifier, text="Against the canary of lines").id
        ids["held"] = write_position(cast.viewer("v0"), identifier, text="Also against it").id
        found = queries.summary_of(identifier)
        assert found is not None
        ids["revision"] = found.revision
    return ids
