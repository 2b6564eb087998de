"""Home, a meeting's page, and importing agendas."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from sigforum.agenda import actions, hooks, queries
from sigforum.agenda.domain import AgendaPlan
from sigforum.agenda.filtering import AgendaFilter, filter_days, filter_values
from sigforum.agenda.forms import confirmation_errors, fingerprint, parse_agenda
from sigforum.agenda.importing.changes import AgendaChange
from sigforum.agenda.importing.reading import formats
from sigforum.agenda.models import Meeting
from sigforum.agenda.plans import compare_agenda, stored_plan
from sigforum.agenda.rule_moves import CONFIRMED, rule_moves
from sigforum.bounded import read_outside
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.live import queries as live
from sigforum.people import queries as people
from sigforum.people.domain import MembershipStatus, Viewer
from sigforum.people.guards import any_sign_in, host, member, organizer
from sigforum.people.models import Person
from sigforum.web.errors import wants_json
from sigforum.web.intake import takes_files
from sigforum.web.pacing import paced
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/")
@any_sign_in
def show_home(person: Person) -> ResponseReturnValue:
    """One's meetings; straight to the one a link was for, or to the only one."""
    only = current_user.only_meeting_id
    memberships = [found for found in people.memberships_of(person.id) if only in (None, found.meeting_id)]
    wanted = request.args.get("meeting")
    for membership in memberships:
        is_wanted = str(membership.meeting_id) == wanted or (len(memberships) == 1 and wanted is not None)
        if is_wanted and membership.status == MembershipStatus.ACCEPTED:
            return redirect(url_for(".show_meeting", slug=membership.meeting.slug))
    return render_template("agenda/home.html", memberships=memberships, person=person, is_whole=only is None)


@pages.get("/meetings/<slug>")
@member
def show_meeting(viewer: Viewer, meeting: Meeting) -> ResponseReturnValue:
    """Days, slots and sessions, filtered as asked."""
    number = live.last_number(viewer.meeting_id)
    facts: dict[int, dict[str, int]] = defaultdict(lambda: {"responses": 0, "replies": 0, "unread": 0, "open_polls": 0})
    for answer in hooks.forum_facts(viewer):
        for identifier, found in answer.items():
            facts[identifier] |= found
    chosen = AgendaFilter.from_query(request.args)
    days = queries.days(viewer.meeting_id)
    return render_template(
        "agenda/meeting.html", meeting=meeting, slug=meeting.slug, number=number, facts=facts, chosen=chosen,
        days=filter_days(days, chosen, viewer=viewer, unread={i for i, fact in facts.items() if fact["unread"]}),
        values=filter_values(days), total=sum(len(slot.forum_sessions) for day in days for slot in day.slots))


@pages.route("/meetings/new", methods=["GET", "POST"])
@host
@paced("file")
@takes_files
def create_meeting(person: Person) -> ResponseReturnValue:
    """Make a meeting from an agenda: upload or paste, preview, done."""
    if request.method != "POST":
        return _import_page(None, text="")
    return _import(None, person=person)


@pages.route("/meetings/<slug>/agenda", methods=["GET", "POST"])
@organizer
@paced("file")
@takes_files
def import_agenda(viewer: Viewer, meeting: Meeting) -> ResponseReturnValue:
    """Bring the meeting to a newer agenda, after a preview of what changes."""
    if request.method != "POST":
        return _import_page(meeting, text="")
    return _import(meeting, viewer=viewer)


@pages.post("/meetings/<slug>/sessions/<code>/<any(open, go_live, close, reopen):verb>")
@member
def move_forum_session(viewer: Viewer, meeting: Meeting, code: str, verb: str) -> ResponseReturnValue:
    """Open a forum session, take it live, close it, or reopen it."""
    found = queries.forum_session(viewer.meeting_id, code)
    actions.move_forum_session(viewer, found.id, verb=verb)
    if wants_json():
        return jsonify(ok=True)
    return redirect(url_for("threads.show_forum_session", slug=meeting.slug, code=code))


@pages.get("/meetings/<slug>/agenda.yaml")
@member
def export_agenda(viewer: Viewer, meeting: Meeting) -> ResponseReturnValue:
    """The agenda in sigforum's own format, which reads back unchanged."""
    write = formats()["yaml"].write
    assert write is not None
    return Response(write(stored_plan(meeting)), mimetype="application/yaml", headers={
        "Content-Disposition": f'attachment; filename="{meeting.slug}-agenda.yaml"'})


def _import(meeting: Meeting | None, *, viewer: Viewer | None = None,
            person: Person | None = None) -> ResponseReturnValue:
    text, filename = request.form.get("text", ""), request.form.get("filename") or None
    try:
        upload = request.files.get("file")
        data = text.encode()
        if upload is not None and upload.filename:
            data, filename = upload.read(), upload.filename
            plan = read_outside(parse_agenda, data, filename=filename, field="text", size=len(data))
            # What was read is carried in the form: the second step must not need the file again.
            text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        else:
            plan = read_outside(parse_agenda, data, filename=filename, field="text", size=len(data))
    except Invalid as refusal:
        return _import_page(meeting, text=text, errors=refusal.errors), 422
    change = compare_agenda(meeting or Meeting(id=0, title=""), plan)
    errors: Mapping[str, str] = {}
    status = 200
    if request.form.get("step") == "import":
        try:
            if not (errors := confirmation_errors(change, request.form)):
                return _store(meeting, plan, viewer=viewer, person=person, seen=fingerprint(change))
            status = Invalid.status
        except (Invalid, Conflict) as refusal:
            # What stood in the way may have come up since the preview: the text must not be lost over it.
            errors = refusal.errors if isinstance(refusal, Invalid) else {"text": refusal.message}
            status = refusal.status
            if meeting is not None:
                change = compare_agenda(meeting, plan)
    return _import_page(
        meeting, text=text, filename=filename, plan=change.plan, change=change, errors=errors), status


def _store(meeting: Meeting | None, plan: AgendaPlan, *, viewer: Viewer | None,
           person: Person | None, seen: str) -> ResponseReturnValue:
    """`seen` is the change that was checked; another organizer may store one of theirs before this one's turn."""
    if meeting is None:
        made = actions.create_meeting(plan, person=person)
        flash("The meeting is ready. Next: invite people.")
        return redirect(url_for(".show_meeting", slug=made.slug))
    actions.import_agenda(viewer, meeting, plan, are_rules_confirmed=bool(request.form.get(CONFIRMED)),
                          seen=seen)
    flash("The agenda is imported.")
    return redirect(url_for(".show_meeting", slug=meeting.slug))


def _import_page(meeting: Meeting | None, *, text: str, filename: str | None = None,
                 errors: Mapping[str, str] | None = None, plan: AgendaPlan | None = None,
                 change: AgendaChange | None = None) -> str:
    values: dict[str, Any] = {"formats": [found.label for found in formats().values()]}
    return render_template(
        "agenda/import.html", meeting=meeting, text=text, filename=filename, errors=errors or {}, plan=plan,
        change=change, seen=fingerprint(change) if change else "",
        moves=rule_moves(change) if change is not None else (), **values)
