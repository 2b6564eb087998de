"""A forum session's summary as a page, its published versions, and its way from draft to publication."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.kernel.errors import Invalid
from sigforum.live import queries as live
from sigforum.people.domain import Viewer
from sigforum.people.guards import member
from sigforum.summaries import actions, assemble, queries, showing
from sigforum.summaries.differences import differences
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.edge import done, form_page
from sigforum.summaries.forms import parse_reason
from sigforum.summaries.policy import check
from sigforum.summaries.poll_results import earlier_rules
from sigforum.summaries.printing import WORDS
from sigforum.summaries.sections import chapters
from sigforum.web.errors import wants_json
from sigforum.web.pages import Pages

pages = Pages()

SAID = {"ask_review": "The participants can review it now.", "edit_again": "You can edit it again.",
        "close_review": "The review is closed.", "publish": "Published. This version cannot be changed any more."}


@pages.get("/sessions/<code>/summary")
@member
def show_summary(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """The version in force, or the summary as it stands now; from the same document as every file."""
    number = live.last_number(viewer.meeting_id)
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    return _page(viewer, forum_session, assemble.session_summary(forum_session), number=number)


@pages.get("/sessions/<code>/summary/draft")
@member
def show_draft(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """What would be published now, for the chair."""
    number = live.last_number(viewer.meeting_id)
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check("write", viewer, forum_session.id)
    return _page(viewer, forum_session, assemble.working_summary(forum_session, is_chair=True), number=number)


@pages.get("/sessions/<code>/summary/versions/<int:number>")
@member
def show_version(viewer: Viewer, meeting: Any, code: str, number: int) -> ResponseReturnValue:
    """A version as it was published, also after it was corrected."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    document = assemble.read_version(queries.version(forum_session.id, number))
    return _page(viewer, forum_session, document, number=live.last_number(viewer.meeting_id))


@pages.get("/sessions/<code>/summary/versions/<int:number>/changes")
@member
def show_changes(viewer: Viewer, meeting: Any, code: str, number: int) -> ResponseReturnValue:
    """What a version says differently from the one before."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    new = queries.version(forum_session.id, number)
    old = queries.version(forum_session.id, number - 1)
    return render_template(
        "summaries/changes.html", forum_session=forum_session, slug=meeting.slug, old=old, new=new,
        differences=differences(assemble.read_version(old), assemble.read_version(new)))


def _page(viewer: Viewer, forum_session: ForumSession, document: SummaryDocument, *, number: int) -> str:
    summary = queries.summary_of(forum_session.id)
    return render_template(
        "summaries/summary.html", document=document, chapter=chapters(document, is_page=True)[0],
        slug=forum_session.meeting.slug, number=number, on_screen=True, forum_session=forum_session, summary=summary,
        earlier_rules=earlier_rules(forum_session.id),
        state=showing.state_html(forum_session, summary, audience=viewer.audience(forum_session.id)), **WORDS)


@pages.post("/sessions/<code>/summary/begin")
@member
def begin(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Draft the summary before the session closes."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    begin_summary(viewer, forum_session.id)
    flash("The summary is drafted from what was voted so far.")
    return redirect(url_for(".edit_summary", slug=meeting.slug, code=code))


@pages.post("/sessions/<code>/summary/<any(ask_review, edit_again, close_review, publish):verb>")
@member
def move_summary(viewer: Viewer, meeting: Any, code: str, verb: str) -> ResponseReturnValue:
    """Ask for review, take back for editing, close the review, publish."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    try:
        summary = actions.move_summary(viewer, forum_session.id, verb=verb)
    except Invalid as refusal:
        if wants_json():
            raise
        flash(refusal.message)
        return redirect(url_for(".edit_summary", slug=meeting.slug, code=code))
    said = SAID[verb]
    if verb == "close_review":
        said = f"{said} {showing.signatures(summary).text}"
    return done(viewer, forum_session, said,
                page=".edit_summary" if verb == "edit_again" else ".show_summary")


@pages.route("/sessions/<code>/summary/correct", methods=["GET", "POST"])
@member
def correct_summary(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Open a published summary for a correction, with its reason."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check("write", viewer, forum_session.id)
    if request.method != "POST":
        return form_page("summaries/correct.html", forum_session, errors={}, reason="")
    try:
        reason = parse_reason(request.form)
    except Invalid as refusal:
        if wants_json():
            raise
        return form_page("summaries/correct.html", forum_session, errors=refusal.errors,
                         reason=request.form.get("reason", "")), refusal.status
    actions.move_summary(viewer, forum_session.id, verb="correct", reason=reason)
    return done(viewer, forum_session, "A correction is open. The published version stays in force until you publish.",
                page=".edit_summary")


