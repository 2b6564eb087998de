"""What all forum sessions say together, as a page."""

import time
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from sigforum.live import queries as live
from sigforum.people.domain import Viewer
from sigforum.people.guards import member
from sigforum.summaries import assemble, queries
from sigforum.summaries.printing import WORDS
from sigforum.summaries.sections import chapters
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/summary")
@member
def show_meeting_summary(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """The chapters about the whole meeting; each session's stands on a page of its own."""
    number = live.last_number(viewer.meeting_id)
    documents, told = [], queries.reported_sessions(meeting.id)
    for forum_session in told:
        documents.append(assemble.session_summary(forum_session))
        # A whole agenda takes a second to read; votes and pushes get their turn after each session of it.
        time.sleep(0)
    summary = assemble.gathered(meeting, documents)
    found = chapters(summary, is_page=True)
    return render_template(
        "summaries/meeting_summary.html", summary=summary, slug=meeting.slug, number=number, on_screen=True, told=told,
        whole=[chapter for chapter in found if chapter.document is None], **WORDS)
