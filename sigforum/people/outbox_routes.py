"""The outbox: words, preview, test, and sending to a selection; and how far a long list has come."""

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.kernel.errors import Conflict, Invalid, Outdated
from sigforum.kernel.loaded import LOADED
from sigforum.people import outbox
from sigforum.people.composing import wording_in_force
from sigforum.people.domain import MailKind, Viewer
from sigforum.people.guards import organizer
from sigforum.people.list_imports import list_import
from sigforum.people.outbox import chosen_ids, kind_named
from sigforum.people.wording import DEFAULTS, PLACEHOLDERS, Wording, checked_wording
from sigforum.web.errors import wants_json
from sigforum.web.pages import Pages
from sigforum.web.rendering import plural

pages = Pages()

# More names than a page can show are sent to by one button, or after narrowing the list.
MOST_SHOWN = 500
# The addresses of pages are short.
MOST_IN_ADDRESS = 200


@pages.get("/meetings/<slug>/people/outbox/<kind>")
@organizer
def show_outbox(viewer: Viewer, meeting: Any, kind: str) -> ResponseReturnValue:
    """One kind of mail: whom it can go to, and how it reads."""
    return _page(viewer, meeting, kind_named(kind))


@pages.post("/meetings/<slug>/people/outbox/<kind>/words")
@organizer
def change_words(viewer: Viewer, meeting: Any, kind: str) -> ResponseReturnValue:
    """Keep new words, or say what is wrong with them."""
    found = kind_named(kind)
    subject, text = request.form.get("subject", ""), request.form.get("text", "")
    step = request.form.get("step", "keep")
    if step == "standard":
        subject, text = DEFAULTS[found].subject, DEFAULTS[found].text
    if step.removeprefix("go-") in list(MailKind):
        if typed := _words_not_kept(viewer, found):
            return _refused(viewer, meeting, found, typed)
        return redirect(url_for("inviting.show_outbox", slug=meeting.slug, kind=step.removeprefix("go-")))
    try:
        if step == "preview":
            checked_wording(found, subject=subject, text=text)
            return _page(viewer, meeting, found, typed=Wording(subject=subject, text=text))
        outbox.save_wording(viewer, found, subject=subject, text=text, loaded=request.form.get(LOADED, ""))
    except (Invalid, Outdated) as refusal:
        is_outdated = isinstance(refusal, Outdated)
        return _page(viewer, meeting, found, typed=Wording(subject=subject, text=text), is_renewed=is_outdated, errors=(
            {"text": refusal.message} if isinstance(refusal, Outdated) else refusal.errors)), refusal.status
    flash("The standard words are back. Mails that wait already keep theirs." if step == "standard"
          else "The words are kept. Mails that wait already keep theirs.")
    return redirect(url_for("inviting.show_outbox", slug=meeting.slug, kind=kind,
                            chosen=request.form.getlist("chosen")[:MOST_IN_ADDRESS]))


@pages.post("/meetings/<slug>/people/outbox/<kind>/test")
@organizer
def send_test(viewer: Viewer, meeting: Any, kind: str) -> ResponseReturnValue:
    """Mail it to oneself."""
    if typed := _words_not_kept(viewer, kind_named(kind)):
        return _refused(viewer, meeting, kind_named(kind), typed)
    person = outbox.send_test(viewer, kind_named(kind))
    flash(f"A test is on its way to {person.email}.")
    return redirect(url_for("inviting.show_outbox", slug=meeting.slug, kind=kind,
                            chosen=request.form.getlist("chosen")[:MOST_IN_ADDRESS]))


@pages.post("/meetings/<slug>/people/outbox/<kind>/send")
@organizer
def send(viewer: Viewer, meeting: Any, kind: str) -> ResponseReturnValue:
    """Send to those ticked, or to all."""
    found = kind_named(kind)
    if typed := _words_not_kept(viewer, found):
        return _refused(viewer, meeting, found, typed)
    wanted = None if request.form.get("whom") == "all" else chosen_ids(request.form.getlist("chosen"))
    if "text" not in request.form or (wanted is None and "seen" not in request.form):
        unseen = Conflict("Nothing is sent before you have seen the words and to whom they go. Look at them below.")
        return _page(viewer, meeting, found, errors={"chosen": unseen.message}), unseen.status
    try:
        count = outbox.send_wave(viewer, found, wanted, seen=_seen() if wanted is None else None)
    except Invalid as refusal:
        return _page(viewer, meeting, found, errors=refusal.errors), 422
    flash(f"{plural(count, 'mail')} on the way.")
    return redirect(url_for("people.show_people", slug=meeting.slug))


@pages.get("/meetings/<slug>/people/lists/<int:import_id>")
@organizer
def show_import(viewer: Viewer, meeting: Any, import_id: int) -> ResponseReturnValue:
    """How far a long list has come."""
    found = list_import(viewer.meeting_id, import_id)
    if wants_json():
        return jsonify(ok=True, state=found.state, done=found.done_rows, total=found.total_rows)
    return render_template("people/list_import.html", meeting=meeting, found=found)


def _seen() -> frozenset[int]:
    """Everybody whom the page offered to send to."""
    return chosen_ids(request.form["seen"].split())


def _words_not_kept(viewer: Viewer, kind: MailKind) -> Wording | None:
    """What was typed over the words in force and not kept: to go on without it would lose it, or send other words."""
    if "text" not in request.form:
        return None
    typed = Wording(subject=request.form.get("subject", ""), text=request.form["text"])
    return None if _is_kept(typed, kind, wording_in_force(viewer.meeting_id, kind)[1]) else typed


def _is_kept(typed: Wording, kind: MailKind, kept: Wording) -> bool:
    try:
        return checked_wording(kind, subject=typed.subject, text=typed.text) == kept
    except Invalid:
        return False


def _refused(viewer: Viewer, meeting: Any, kind: MailKind, typed: Wording) -> ResponseReturnValue:
    return _page(viewer, meeting, kind, typed=typed, errors={
        "text": "You changed the words and have not kept them. Keep them, or forget them, and go on then."}), 422


def _page(viewer: Viewer, meeting: Any, kind: MailKind, *, typed: Wording | None = None,
          errors: Mapping[str, str] | None = None, is_renewed: bool = False) -> str:
    """What is `typed` goes on under the mark that it came with, unless the page tells what stands there by now."""
    wording_id, kept = wording_in_force(viewer.meeting_id, kind)
    wanted = request.values.get("recipient", "")
    recipient_id = int(wanted) if wanted.isdecimal() and wanted.isascii() and len(wanted) < 10 else None
    recipient, words = outbox.preview(viewer, typed or kept, membership_id=recipient_id)
    found = outbox.recipients(viewer.meeting_id, kind)
    group = request.values.get("group", "")
    chosen = chosen_ids(request.values.getlist("chosen"))
    groups = sorted({one.membership.stakeholder_group for one in found} - {""})
    shown = [one for one in found if not group or one.membership.stakeholder_group == group
             or one.membership.id in chosen]
    return render_template(
        "people/outbox.html", meeting=meeting, kind=kind, kinds=list(MailKind), wording=typed or kept,
        loaded=(request.form.get(LOADED, "") if typed and not is_renewed else "") or outbox.wording_mark(kept),
        is_own=wording_id is not None and kept != DEFAULTS[kind], chosen=chosen,
        is_typed=typed is not None and not _is_kept(typed, kind, kept),
        empty=outbox.empty_values(typed or kept, [one.membership for one in found]), placeholders=PLACEHOLDERS,
        errors=errors or {}, recipient=recipient, words=words,
        recipients=shown[:MOST_SHOWN], total=len(shown), all_count=len(found),
        seen=" ".join(str(one.membership.id) for one in found), group=group, groups=groups)
