"""The console, the projector, and the short code that leads from the wall to a phone."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.agenda.showing import state_html
from sigforum.ballots import queries as ballots
from sigforum.ballots.domain import PollState
from sigforum.extensions import limiter
from sigforum.facilitation import actions, queries, showing
from sigforum.facilitation.domain import normal_code
from sigforum.facilitation.forms import parse_row, parse_seconds
from sigforum.facilitation.policy import check_runs_room, may_run_room
from sigforum.kernel.errors import Conflict
from sigforum.live import queries as live
from sigforum.people import queries as people
from sigforum.people.domain import Viewer
from sigforum.people.guards import WANTED, member, own_place, public
from sigforum.threads.showing import flags_html
from sigforum.web.errors import wants_json
from sigforum.web.pages import Pages

pages = Pages()


def forum_tools(viewer: Viewer, forum_session: ForumSession) -> str:
    """The ways to the console and the projector, on the forum session's page of whoever runs the room."""
    if not may_run_room(viewer, forum_session.id):
        return ""
    return render_template("facilitation/_tools.html", forum_session=forum_session, slug=forum_session.meeting.slug)


@pages.get("/meetings/<slug>/sessions/<code>/console")
@member
def show_console(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """The facilitator's working page, with the poll asked for on the desk."""
    number = live.last_number(viewer.meeting_id)
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check_runs_room(viewer, forum_session.id)
    stage = queries.stage(forum_session.id)
    focus = queries.poll_in_focus(
        forum_session.id, wanted=parse_row(request.args.get("poll", "")), on_wall=stage.poll_id)
    return render_template(
        "facilitation/console.html", forum_session=forum_session, slug=meeting.slug, number=number, focus=focus,
        queue=showing.queue_html(forum_session, stage=stage, focus_id=focus.id if focus else None),
        desk=showing.desk_html(focus) if focus else "", stage=showing.stage_html(forum_session, stage=stage),
        coverage=showing.coverage_html(forum_session), log=showing.log_html(forum_session),
        state=state_html(forum_session, is_chair=viewer.facilitates(forum_session.id)), flags=flags_html(forum_session))


@pages.get("/meetings/<slug>/sessions/<code>/projector")
@member
def show_projector(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """The page for the wall. It is told what somebody who only watches is told, and no names."""
    number = live.last_number(viewer.meeting_id)
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check_runs_room(viewer, forum_session.id)
    stage = queries.stage(forum_session.id)
    return render_template("facilitation/projector.html", forum_session=forum_session, slug=meeting.slug,
                           number=number, wall=showing.wall_html(stage), join=showing.join_card(stage))


@pages.post("/meetings/<slug>/polls/<int:poll_id>/run/"
                "<any(open, close, reveal, decide, undo, nudge, timer, more):verb>")
@member
def run_poll(viewer: Viewer, meeting: Any, poll_id: int, verb: str) -> ResponseReturnValue:
    """Move a poll from the console. What came too late is said there, and is no error."""
    try:
        poll = actions.run_poll(viewer, poll_id, verb=verb, seen=request.args.get("seen", ""),
                                seconds=parse_seconds(request.args.get("seconds", "")))
    except Conflict as refusal:
        if wants_json():
            raise
        flash(refusal.message, "warning")
        poll = ballots.poll(viewer.meeting_id, poll_id)
    return _done(poll.forum_session, poll_id)


@pages.post("/meetings/<slug>/sessions/<code>/stage")
@member
def show_on_stage(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Put a poll on the projector, or the discussion."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    poll_id = parse_row(request.args.get("poll", ""))
    actions.show_on_stage(viewer, forum_session.id, poll_id=poll_id)
    return _done(forum_session, poll_id)


@pages.post("/meetings/<slug>/sessions/<code>/lead")
@member
def change_lead(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Take the lead, or hand it over."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check_runs_room(viewer, forum_session.id)
    place_id = parse_row(request.args.get("person", ""))
    if place_id is None or place_id == viewer.membership_id:
        actions.take_lead(viewer, forum_session.id)
    else:
        actions.hand_over(viewer, forum_session.id, person_id=people.member(viewer.meeting_id, place_id).person_id)
    return _done(forum_session, None)


@pages.get("/j")
@public
def ask_code() -> ResponseReturnValue:
    """The form for a code read from the wall."""
    typed = normal_code(request.args.get("code", ""))
    if typed:
        return redirect(url_for(".follow_code", code=typed))
    return render_template("facilitation/code.html")


def _address() -> str:
    return f"code from {request.remote_addr}"


def _person() -> str:
    return f"code by person {current_user.person.id}"


def _is_signed_in() -> bool:
    return bool(current_user.is_authenticated)


@pages.get("/j/<code>")
@public
# Before signing in every code gets the same answer, so trying them finds nothing out; a venue is one address.
@limiter.limit("300 per minute", key_func=_address, exempt_when=_is_signed_in)
@limiter.limit("30 per minute", key_func=_person, exempt_when=lambda: not _is_signed_in())
def follow_code(code: str) -> ResponseReturnValue:
    """Lead an invited person to the session; a code lets nobody in."""
    typed = normal_code(code)
    if not _is_signed_in():
        # Where to go on, kept in this browser until its owner is signed in.
        session[WANTED] = url_for(".follow_code", code=typed) if typed else url_for(".ask_code")
        flash("Sign in first. This browser then goes on to the session.")
        return redirect(url_for("people.ask_sign_in"))
    stage = queries.stage_by_code(typed)
    own_place(meeting_id=stage.forum_session.meeting_id)
    page = url_for("threads.show_forum_session", slug=stage.forum_session.meeting.slug,
                   code=stage.forum_session.code)
    # Straight to what is asked on the wall, where something is.
    is_asked = stage.poll is not None and stage.poll.state == PollState.OPEN
    return redirect(f"{page}#poll-{stage.poll_id}" if is_asked else page)


def _done(forum_session: ForumSession, poll_id: int | None) -> ResponseReturnValue:
    if wants_json():
        return jsonify(ok=True)
    return redirect(url_for(".show_console", slug=forum_session.meeting.slug, code=forum_session.code, poll=poll_id))
