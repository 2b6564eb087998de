"""How an export's progress looks on the open pages of whoever asked for it."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import render_template

from sigforum.exports import queries
from sigforum.exports.domain import ExportState
from sigforum.exports.models import ExportJob
from sigforum.extensions import db
from sigforum.live.gateway import Fragment, Onlooker


def show_export_event(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """The file's line as it is now, and on any page a word when it is over. Only the person who asked has such a
    line; nobody else is told."""
    if onlooker.person_id != payload["person_id"]:
        return
    job = db.session.get(ExportJob, payload["job_id"], populate_existing=True)
    if job is None:
        return
    yield Fragment(id=f"job-{job.id}", into="jobs", html=render_template(
        "exports/_job.html", job=job, slug=job.meeting.slug, ahead=queries.ahead([job])))
    if job.state in (ExportState.DONE, ExportState.FAILED):
        yield Fragment(id=f"export-news-{job.id}", into="toasts",
                       html=render_template("exports/_news.html", job=job, slug=job.meeting.slug))
    else:
        # Asked for again: what was said of it before is out of date.
        yield Fragment(id=f"export-news-{job.id}", html="")
