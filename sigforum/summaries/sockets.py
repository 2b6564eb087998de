"""How an export's progress looks on the open pages of whoever asked for it."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import render_template

from sigforum.extensions import db
from sigforum.live.gateway import Fragment, Onlooker, renders
from sigforum.summaries.models import ExportJob


@renders("export_progressed")
def show_export_event(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """The file's line as it is now. Only the person who asked has such a line; nobody else is told."""
    if onlooker.person_id != payload["person_id"]:
        return
    job = db.session.get(ExportJob, payload["job_id"], populate_existing=True)
    if job is not None:
        yield Fragment(id=f"job-{job.id}", into="jobs",
                       html=render_template("summaries/_job.html", job=job, slug=job.meeting.slug))
