"""A forum session's summary as a page."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sigforum.agenda import queries as agenda
from sigforum.live import queries as live
from sigforum.people.domain import Viewer
from sigforum.people.guards import member
from sigforum.summaries import assemble
from sigforum.summaries.printing import FILTERS, WORDS
from sigforum.summaries.sections import chapters

blueprint = Blueprint("summaries", __name__, url_prefix="/meetings/<slug>")
for name, word in FILTERS.items():
    blueprint.add_app_template_filter(word, name)


@blueprint.get("/sessions/<code>/summary")
@member
def show_summary(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """The summary as it stands now, from the same document as every file."""
    number = live.last_number(viewer.meeting_id)
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    document = assemble.session_summary(forum_session)
    return render_template(
        "summaries/summary.html", document=document, chapter=chapters(document)[0], slug=meeting.slug,
        number=number, on_screen=True, **WORDS)
