"""The pages around a poll: its record, its published sheets, and changes between rounds."""

from typing import Any

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sigforum.ballots import hooks, queries
from sigforum.ballots.deviating import WORDS, deviate
from sigforum.ballots.edge import as_typed, back, visible
from sigforum.ballots.forms import parse_mark, parse_poll
from sigforum.ballots.policy import check_runs_polls, who_sees_what
from sigforum.ballots.record import round_records, sheet_file, sheet_name
from sigforum.ballots.registry import kind_named
from sigforum.ballots.showing import changed_text
from sigforum.ballots.writing_form import outdated_form, poll_form
from sigforum.kernel.errors import Invalid, Outdated
from sigforum.people.domain import Viewer
from sigforum.people.guards import member
from sigforum.web.pages import Pages
from sigforum.web.rendering import panels

pages = Pages()


@pages.get("/polls/<int:poll_id>")
@member
def show_record(viewer: Viewer, meeting: Any, poll_id: int) -> ResponseReturnValue:
    """Everything about a poll: rules, rounds, who moved, deviations, and the sheets to count again."""
    poll = visible(viewer, poll_id)
    audience = viewer.audience(poll.forum_session_id)
    newest = poll.round
    terms = newest.frozen if newest else poll.terms
    return render_template(
        "ballots/record.html", poll=poll, slug=meeting.slug, forum_session=poll.forum_session, terms=terms,
        kind=kind_named(poll.kind), privacy=who_sees_what(secrecy=terms.secrecy, visibility=terms.visibility,
                                                       attribution=poll.forum_session.attribution),
        records=round_records(poll, audience=audience), audience=audience, words=WORDS, changed_text=changed_text,
        panels_of=lambda of, audience: panels(hooks.round_record, poll, of, audience))


@pages.get("/polls/<int:poll_id>/rounds/<int:number>/sheet.json")
@member
def show_sheet(viewer: Viewer, meeting: Any, poll_id: int, number: int) -> ResponseReturnValue:
    """The published tally sheet of a round, to be counted again with `sigforum verify`."""
    poll = visible(viewer, poll_id)
    content = sheet_file(poll, number, audience=viewer.audience(poll.forum_session_id))
    return Response(content, mimetype="application/json", headers={
        "Content-Disposition": f'attachment; filename="{sheet_name(poll, number)}"'})


@pages.route("/polls/<int:poll_id>/deviate", methods=["GET", "POST"])
@member
def change_between_rounds(viewer: Viewer, meeting: Any, poll_id: int) -> ResponseReturnValue:
    """Change what was frozen, for the next round, with a reason that the report prints."""
    poll = queries.poll(viewer.meeting_id, poll_id)
    check_runs_polls(viewer, poll.forum_session_id)
    typed, errors = as_typed(poll), {}
    if request.method == "POST":
        # What cannot change is not on the form.
        typed = {**request.form.to_dict(), "kind": poll.kind, "secrecy": poll.secrecy}
        try:
            deviate(viewer, poll_id, parse_poll(typed), reason=request.form.get("reason", ""),
                    seen=parse_mark(typed.get("terms")))
        except Invalid as refusal:
            errors = dict(refusal.errors)
        except Outdated as refusal:
            return outdated_form(queries.poll(viewer.meeting_id, poll_id), refusal, typed=typed,
                                 is_deviation=True), refusal.status
        else:
            flash(f"Round {len(poll.rounds) + 1} will be asked with the change. It is on the record.")
            return redirect(back(poll.forum_session, poll))
    return poll_form(poll, typed=typed, errors=errors, is_deviation=True), 422 if errors else 200
