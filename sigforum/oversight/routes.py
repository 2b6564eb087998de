"""A meeting's audit log, retention and erasures, for its organizers."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.kernel.errors import Invalid, NotFound, Outdated
from sigforum.kernel.loaded import LOADED, mark
from sigforum.oversight import actions, audit_log, retention
from sigforum.oversight.forms import parse_erasure, parse_retention, parse_wanted
from sigforum.people import queries as people
from sigforum.people.domain import Viewer
from sigforum.people.guards import organizer
from sigforum.web.errors import wants_json
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/meetings/<slug>/audit")
@organizer
def show_audit(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Who did what, newest first; filtered by person, verb and day."""
    wanted = parse_wanted(request.args)
    return render_template("audit/audit.html", log=audit_log.log_page(viewer.meeting_id, wanted), wanted=wanted,
                           slug=meeting.slug)


@pages.get("/meetings/<slug>/audit.csv")
@organizer
def download_audit(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """The whole log with its hashes."""
    return _file(audit_log.log_csv(viewer.meeting_id), "text/csv; charset=utf-8", f"audit-{meeting.slug}.csv")


@pages.route("/meetings/<slug>/retention", methods=["GET", "POST"])
@organizer
def retain(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """How long personal data are kept, and what was purged."""
    errors, status, loaded = dict[str, str](), 200, ""
    if request.method == "POST":
        try:
            actions.set_retention(viewer, days=parse_retention(request.form), loaded=request.form.get(LOADED, ""))
        except (Invalid, Outdated) as refusal:
            if wants_json():
                raise
            status = refusal.status
            if isinstance(refusal, Outdated):
                errors = {"days": refusal.message}
            else:
                errors, loaded = refusal.errors, request.form.get(LOADED, "")
        else:
            flash("Stored.")
            return redirect(url_for(".retain", slug=meeting.slug))
    due = retention.due_of(meeting)
    kept_days = retention.days_of(viewer.meeting_id)
    days = request.form.get("days", "") if errors else kept_days or ""
    page = render_template("oversight/retention.html", slug=meeting.slug, errors=errors, due=due, days=days,
                           kept_days=kept_days, loaded=loaded or mark(kept_days),
                           certificates=retention.certificates(viewer.meeting_id))
    return page, status


@pages.get("/meetings/<slug>/certificates/<int:certificate_id>.json")
@organizer
def download_certificate(viewer: Viewer, meeting: Any, certificate_id: int) -> ResponseReturnValue:
    """A purge certificate as it was made."""
    found = retention.certificate_of(viewer.meeting_id, certificate_id)
    if found is None:
        raise NotFound("There is no such certificate in this meeting.")
    return _file(found.document.encode(), "application/json", f"purge-{meeting.slug}-{found.id}.json")


@pages.route("/meetings/<slug>/people/<int:membership_id>/erase", methods=["GET", "POST"])
@organizer
def erase_member(viewer: Viewer, meeting: Any, membership_id: int) -> ResponseReturnValue:
    """Erase a member's data in this meeting, after a page that says what goes and what stays."""
    membership = people.member(viewer.meeting_id, membership_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            actions.erase_member(viewer, membership_id, texts=parse_erasure(request.form))
        except Invalid as refusal:
            if wants_json():
                raise
            errors = refusal.errors
        else:
            flash("The data was erased. Counts stay as they were.")
            return redirect(url_for("people.show_people", slug=meeting.slug))
    page = render_template("oversight/erase_member.html", slug=meeting.slug, member=membership, errors=errors)
    return page, 422 if errors else 200


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, content_type=kind, headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})
