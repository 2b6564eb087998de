"""The organizers' list of people."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.bounded import read_outside
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.people import actions, queries
from sigforum.people.domain import MailKind, Viewer
from sigforum.people.forms import COLUMNS, InvitationList, decode_upload, parse_invitations
from sigforum.people.guards import organizer
from sigforum.people.inviting_edge import codes_by_id
from sigforum.people.list_imports import MOST_AT_ONCE, request_import
from sigforum.people.showing import ListPreview, list_preview, people_page
from sigforum.people.workbooks import WorkbookList, is_workbook, workbook_list
from sigforum.web.intake import takes_files
from sigforum.web.pacing import paced
from sigforum.web.pages import Pages
from sigforum.web.rendering import plural

pages = Pages()


@pages.get("/meetings/<slug>/people")
@organizer
def show_people(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Everybody invited, and how far each invitation has come."""
    return render_template("people/people.html", codes=codes_by_id(meeting), page=people_page(
        viewer.meeting_id, progress=request.args.get("progress", ""), number=request.args.get("page", "")))


@pages.get("/meetings/<slug>/people/invite")
@organizer
def show_invite(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """The form for a list of people."""
    return _invite_page("")


@pages.post("/meetings/<slug>/people/invite")
@organizer
@paced("file")
@takes_files
def invite(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Preview a list row by row; store it only when asked to, and only when no row is wrong."""
    text, step = request.form.get("text", ""), request.form.get("step")
    codes = {code: identifier for identifier, code in codes_by_id(meeting).items()}
    places = {found.person_id: found.shown_address for found in queries.members(viewer.meeting_id)}
    left_out: tuple[str, ...] = ()
    try:
        upload = request.files.get("file")
        if upload is not None and upload.filename:
            data = upload.read()
            # A workbook is an archive: how short it is says nothing about what it unfolds to.
            read = (read_outside(workbook_list, data, field="list", size=-1) if is_workbook(data)
                    else WorkbookList(text=decode_upload(data)))
            text, left_out = read.text, read.left_out
        invitations = read_outside(parse_invitations, text, codes=codes, known=frozenset(places.values()),
                                   own_email=places[viewer.person_id], field="list", size=len(text))
    except Invalid as refusal:
        return _invite_page(text, errors=refusal.errors, left_out=left_out), 422
    preview = list_preview(viewer.meeting_id, invitations, codes=codes_by_id(meeting))
    if step in ("send", "draft"):
        try:
            return _take(viewer, meeting, invitations, text=text, codes=codes, sends_mail=step == "send")
        except (Invalid, Conflict) as refusal:
            # What stood in the way may have come up since the preview: the list must not be lost over it,
            # and what it would do now is shown.
            preview = list_preview(viewer.meeting_id, invitations, codes=codes_by_id(meeting))
            return _invite_page(text, errors={"list": refusal.message}, preview=preview), refusal.status
    return _invite_page(text, preview=preview, left_out=left_out), 422 if invitations.wrong_rows else 200


@pages.post("/meetings/<slug>/people/<int:membership_id>/resend")
@organizer
def resend(viewer: Viewer, meeting: Any, membership_id: int) -> ResponseReturnValue:
    """Mail the invitation again."""
    membership = actions.resend_invitation(viewer, membership_id)
    flash(f"The invitation to {membership.shown_name} is on its way again.")
    return redirect(url_for("people.show_people", slug=meeting.slug))


@pages.post("/meetings/<slug>/people/<int:membership_id>/revoke")
@organizer
def revoke(viewer: Viewer, meeting: Any, membership_id: int) -> ResponseReturnValue:
    """Take somebody's place in the meeting away."""
    membership = actions.revoke_membership(viewer, membership_id)
    flash(f"{membership.shown_name} is no longer part of this meeting.")
    return redirect(url_for("people.show_people", slug=meeting.slug))


def _invite_page(text: str, *, errors: Mapping[str, str] | None = None, preview: ListPreview | None = None,
                 left_out: Sequence[str] = ()) -> str:
    return render_template("people/invite.html", text=text, preview=preview, errors=errors or {}, columns=COLUMNS,
                           left_out=left_out)


def _take(viewer: Viewer, meeting: Any, invitations: InvitationList, *, text: str, codes: dict[str, int],
          sends_mail: bool) -> ResponseReturnValue:
    """Store a checked list: a short one at once, a long one by the worker."""
    count, seen = len(invitations.people), request.form.get("seen", "")
    if not seen:
        raise Conflict("Nothing is stored before you have seen what it changes. Look at it below, and go on then.")
    if count > MOST_AT_ONCE:
        found = request_import(viewer, text, codes=codes, sends_mail=sends_mail, seen=seen)
        return redirect(url_for("inviting.show_import", slug=meeting.slug, import_id=found.id))
    actions.invite_people(viewer, invitations.people, send_mail=sends_mail, seen=seen)
    if sends_mail:
        flash(f"{plural(count, 'person', 'people')} invited. Mails are on their way.")
        return redirect(url_for("people.show_people", slug=meeting.slug))
    flash(f"{plural(count, 'person is', 'people are')} on the list. Nothing has been sent.")
    return redirect(url_for("inviting.show_outbox", slug=meeting.slug, kind=MailKind.INVITATION.value))
