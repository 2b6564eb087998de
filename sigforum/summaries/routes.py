"""A forum session's summary as a page, and the files made of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from sigforum.agenda import queries as agenda
from sigforum.kernel.errors import Conflict, NotFound
from sigforum.live import queries as live
from sigforum.people.domain import Viewer
from sigforum.people.guards import member
from sigforum.summaries import actions, assemble, queries
from sigforum.summaries.domain import ExportState
from sigforum.summaries.forms import parse_export
from sigforum.summaries.making import path_of
from sigforum.summaries.policy import check_downloads, may_export_meeting
from sigforum.summaries.printing import FILTERS, WORDS
from sigforum.summaries.registry import all_formats

blueprint = Blueprint("summaries", __name__, url_prefix="/meetings/<slug>")
for name, word in FILTERS.items():
    blueprint.add_app_template_filter(word, name)


@blueprint.get("/sessions/<code>/summary")
@member
def show_summary(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """The summary as it stands now, from the same document as every file."""
    number = live.last_number(viewer.meeting_id)
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    return render_template(
        "summaries/summary.html", document=assemble.session_summary(forum_session), slug=meeting.slug,
        number=number, on_screen=True, **WORDS)


@blueprint.get("/exports")
@member
def show_exports(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """The formats, and the files one asked for."""
    number = live.last_number(viewer.meeting_id)
    return render_template(
        "summaries/exports.html", slug=meeting.slug, number=number, formats=all_formats().values(),
        forum_sessions=agenda.forum_sessions(viewer.meeting_id), chosen=request.args.get("session", ""),
        jobs=queries.jobs_of(viewer.person_id, viewer.meeting_id), is_chair=may_export_meeting(viewer))


@blueprint.post("/exports")
@member
def request_export(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Ask for a file; the worker makes it."""
    wanted = parse_export(request.form)
    job = actions.request_export(viewer, wanted)
    flash(f"{job.subject} is being made. It appears below when it is ready.")
    chosen = request.form.get("session") or None
    return redirect(url_for(".show_exports", slug=meeting.slug, session=chosen, _anchor="made"))


@blueprint.post("/exports/<int(max=999999999999999):job_id>/retry")
@member
def retry_export(viewer: Viewer, meeting: Any, job_id: int) -> ResponseReturnValue:
    """Try a failed file again."""
    actions.retry_export(viewer, job_id)
    return redirect(url_for(".show_exports", slug=meeting.slug, _anchor="made"))


@blueprint.get("/exports/<int(max=999999999999999):job_id>/<file_name>")
@member
def download(viewer: Viewer, meeting: Any, job_id: int, file_name: str) -> ResponseReturnValue:
    """A finished file, for whoever asked for it and for organizers."""
    job = queries.job(viewer.meeting_id, job_id)
    check_downloads(viewer, requested_by_id=job.requested_by_id)
    if job.state != ExportState.DONE:
        raise Conflict("This file is not ready.")
    path = path_of(job, job.file_name)
    # The name is compared and never used as a path.
    if file_name != job.file_name or not path.is_file():
        raise NotFound("This file is gone. Make it again from the page of exports.")
    found = all_formats().get(job.format)
    response = send_file(path, mimetype=found.mimetype if found else "application/zip", as_attachment=True,
                         download_name=job.file_name)
    response.headers["Cache-Control"] = "no-store"
    return response
