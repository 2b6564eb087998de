"""The files made of summaries: asked for, watched, and downloaded."""

import time
from typing import Any

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from sigforum.agenda.models import ForumSession
from sigforum.exports import actions, queries
from sigforum.exports.domain import UNFINISHED, WITHOUT_FILE, ExportState
from sigforum.exports.files import folder_of
from sigforum.exports.forms import parse_export
from sigforum.exports.policy import check_downloads, may_export_meeting
from sigforum.kernel.errors import Conflict, NotFound
from sigforum.live import queries as live
from sigforum.people.domain import Viewer
from sigforum.people.guards import member
from sigforum.summaries import assemble
from sigforum.summaries import queries as summaries
from sigforum.summaries.letters import undrawn_characters, undrawn_text
from sigforum.summaries.registry import all_formats
from sigforum.web.pacing import paced
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/exports")
@member
def show_exports(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """The formats, and the files one asked for."""
    number = live.last_number(viewer.meeting_id)
    jobs = queries.jobs_of(viewer.person_id, viewer.meeting_id)
    forum_sessions = summaries.reported_sessions(viewer.meeting_id)
    chosen = next((one for one in forum_sessions if one.code == request.args.get("session", "")),
                  next(iter(forum_sessions), None))
    return render_template(
        "exports/exports.html", slug=meeting.slug, number=number, formats=all_formats().values(),
        forum_sessions=forum_sessions, chosen=chosen.code if chosen else "",
        undrawn=undrawn_text(undrawn_characters(assemble.session_summary(chosen))) if chosen else "",
        is_waiting=any(job.state in UNFINISHED for job in jobs), jobs=jobs,
        ahead=queries.ahead(jobs), is_chair=may_export_meeting(viewer),
        days=current_app.config["SETTINGS"].export_days)


@pages.post("/exports")
@member
@paced("file")
def request_export(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Ask for a file; the worker makes it."""
    wanted = parse_export(request.form)
    job = actions.request_export(viewer, wanted)
    flash(f"{job.subject} is being made. It appears below when it is ready.")
    chosen = request.form.get("session") or None
    undrawn = ""
    if wanted.format == "pdf":
        # Each session of a whole meeting is read by itself, and votes get their turn in between.
        found = [one for one in summaries.reported_sessions(viewer.meeting_id) if wanted.code in (None, one.code)]
        undrawn = undrawn_text("".join(sorted(set().union(*map(_undrawn, found)))))
    if undrawn:
        flash(undrawn)
    return redirect(url_for(".show_exports", slug=meeting.slug, session=chosen, _anchor="made"))


def _undrawn(forum_session: ForumSession) -> str:
    time.sleep(0)
    return undrawn_characters(assemble.session_summary(forum_session))


@pages.post("/exports/<int(max=999999999999999):job_id>/retry")
@member
def retry_export(viewer: Viewer, meeting: Any, job_id: int) -> ResponseReturnValue:
    """Make a file again that failed, was cancelled or is kept no longer."""
    actions.retry_export(viewer, job_id)
    return redirect(url_for(".show_exports", slug=meeting.slug, _anchor="made"))


@pages.post("/exports/<int(max=999999999999999):job_id>/cancel")
@member
def cancel_export(viewer: Viewer, meeting: Any, job_id: int) -> ResponseReturnValue:
    """Stop waiting for a file, or making it."""
    actions.cancel_export(viewer, job_id)
    return redirect(url_for(".show_exports", slug=meeting.slug, _anchor="made"))


@pages.get("/exports/<int(max=999999999999999):job_id>/<file_name>")
@member
def download(viewer: Viewer, meeting: Any, job_id: int, file_name: str) -> ResponseReturnValue:
    """A finished file, for whoever asked for it and for organizers."""
    job = queries.job(viewer.meeting_id, job_id)
    check_downloads(viewer, requested_by_id=job.requested_by_id)
    if job.state in WITHOUT_FILE:
        raise NotFound("This file is gone. Make it again from the page of exports.")
    if job.state != ExportState.DONE:
        raise Conflict("This file is not ready.")
    path = folder_of(job.id) / job.file_name
    # The name is compared and never used as a path.
    if file_name != job.file_name or not path.is_file():
        raise NotFound("This file is gone. Make it again from the page of exports.")
    found = all_formats().get(job.format)
    response = send_file(path, mimetype=found.mimetype if found else "application/zip", as_attachment=True,
                         download_name=job.file_name)
    response.headers["Cache-Control"] = "no-store"
    return response
