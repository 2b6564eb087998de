"""Polls as pages and forms: making, running, and voting where scripts or sockets are blocked."""

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.ballots import actions, queries
from sigforum.ballots.box import Cast
from sigforum.ballots.edge import as_typed, back, visible
from sigforum.ballots.forms import parse_key, parse_mark, parse_number, parse_poll
from sigforum.ballots.models import Poll
from sigforum.ballots.policy import check_runs_polls
from sigforum.ballots.registry import kind_named
from sigforum.ballots.showing import shown_poll
from sigforum.ballots.writing_form import in_another_kind, new_poll_form, outdated_form, poll_form, without_options
from sigforum.kernel.errors import Conflict, Invalid, Outdated
from sigforum.kernel.ids import new_token
from sigforum.live.gateway import Onlooker
from sigforum.people.domain import Viewer
from sigforum.people.guards import member
from sigforum.web.errors import wants_json
from sigforum.web.pacing import TooFast, spend
from sigforum.web.pages import Pages
from sigforum.web.returning import own_path

pages = Pages()

# A day; a timer is for a room, not for a correspondence.
LONGEST_TIMER = 86_400

def forum_facts(viewer: Viewer) -> Mapping[int, Mapping[str, int]]:
    """What the meeting's page shows of polls: how many are open now."""
    return {identifier: {"open_polls": count}
            for identifier, count in queries.open_polls(viewer.meeting_id).items()}


def forum_polls(viewer: Viewer, forum_session: ForumSession) -> str:
    """The polls, above a forum session's threads."""
    return _panel("ballots/_polls.html", viewer, forum_session, is_standing=False)


def forum_priorities(viewer: Viewer, forum_session: ForumSession) -> str:
    """The priorities, beside a forum session's threads."""
    return _panel("ballots/_priorities.html", viewer, forum_session, is_standing=True)


def _panel(template: str, viewer: Viewer, forum_session: ForumSession, *, is_standing: bool) -> str:
    onlooker = _onlooker(viewer, forum_session.id)
    # Both panels of a page are made from one reading.
    found = request.environ.setdefault("sigforum.polls", {})
    if forum_session.id not in found:
        found[forum_session.id] = queries.polls(forum_session.id, audience=onlooker.audience)
    return render_template(
        template, forum_session=forum_session, slug=forum_session.meeting.slug,
        polls=[shown_poll(poll, onlooker, with_vote=True) for poll in found[forum_session.id]
               if poll.is_standing == is_standing],
        is_chair=viewer.facilitates(forum_session.id), new_key=new_token, errors={}, typed=None)


@pages.route("/sessions/<code>/polls/new", methods=["GET", "POST"])
@member
def create_poll(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Write a poll; it stays a draft until it is opened."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check_runs_polls(viewer, forum_session.id)
    if request.method != "POST":
        # Statements may be brought along, for example from a summary whose words were changed.
        typed = {"kind": request.args.get("kind", ""), "statements": request.args.get("statements", "")}
        errors = without_options(typed)
        return new_poll_form(forum_session, typed=typed, errors=errors), 422 if errors else 200
    if "change_to" in request.form:
        return new_poll_form(forum_session, typed=in_another_kind(request.form))
    if errors := without_options(request.form):
        return new_poll_form(forum_session, typed=request.form, errors=errors), 422
    try:
        actions.create_poll(viewer, forum_session.id, parse_poll(request.form))
    except Invalid as refusal:
        return new_poll_form(forum_session, typed=request.form, errors=refusal.errors), 422
    flash("The poll is prepared. Only facilitators see it until you open it.")
    return redirect(back(forum_session))


@pages.route("/polls/<int:poll_id>/edit", methods=["GET", "POST"])
@member
def change_poll(viewer: Viewer, meeting: Any, poll_id: int) -> ResponseReturnValue:
    """Change a draft."""
    poll = queries.poll(viewer.meeting_id, poll_id)
    check_runs_polls(viewer, poll.forum_session_id)
    if request.method != "POST":
        return poll_form(poll, typed=as_typed(poll))
    try:
        changed = actions.change_poll(viewer, poll_id, parse_poll(request.form),
                                      seen=parse_mark(request.form.get("terms")))
    except Invalid as refusal:
        return poll_form(poll, typed=request.form, errors=refusal.errors), 422
    except Outdated as refusal:
        return outdated_form(queries.poll(viewer.meeting_id, poll_id), refusal, typed=request.form), refusal.status
    flash("The poll is changed.")
    return redirect(back(changed.forum_session))


@pages.post("/polls/<int:poll_id>/delete")
@member
def delete_poll(viewer: Viewer, meeting: Any, poll_id: int) -> ResponseReturnValue:
    """Delete a draft."""
    forum_session = actions.delete_poll(viewer, poll_id)
    flash("The draft is deleted.")
    return redirect(back(forum_session))


@pages.post("/polls/<int:poll_id>/<any(open, close, reveal, decide):verb>")
@member
def move_poll(viewer: Viewer, meeting: Any, poll_id: int, verb: str) -> ResponseReturnValue:
    """Open, close, reveal or decide; `seconds` starts a timer with the opening."""
    seconds = parse_number(request.form.get("seconds") or 0, name="seconds")
    return _moved(actions.move_poll(viewer, poll_id, verb=verb, seconds=min(seconds, LONGEST_TIMER),
                                    seen=parse_mark(request.args.get("terms"))))


@pages.post("/polls/<int:poll_id>/undo")
@member
def undo_open(viewer: Viewer, meeting: Any, poll_id: int) -> ResponseReturnValue:
    """Take an opening back while nobody has voted."""
    return _moved(actions.undo_open(viewer, poll_id))


@pages.post("/polls/<int:poll_id>/timer/<int:seconds>")
@member
def set_timer(viewer: Viewer, meeting: Any, poll_id: int, seconds: int) -> ResponseReturnValue:
    """Let the open round end so many seconds from now; 0 for no timer."""
    return _moved(actions.set_timer(viewer, poll_id, seconds=min(seconds, LONGEST_TIMER)))


@pages.post("/polls/<int:poll_id>/nudge")
@member
def nudge_voters(viewer: Viewer, meeting: Any, poll_id: int) -> ResponseReturnValue:
    """Ask those who have not voted yet."""
    return _moved(actions.nudge_voters(viewer, poll_id))


def _moved(poll: Poll) -> ResponseReturnValue:
    if wants_json():
        return jsonify(ok=True)
    # A form of the console leads back to the console.
    return redirect(own_path(request.form.get("next", "")) or back(poll.forum_session, poll))


@pages.get("/polls/<int:poll_id>/ballot")
@member
def show_ballot(viewer: Viewer, meeting: Any, poll_id: int) -> ResponseReturnValue:
    """One's own ballot alone: a page without scripts, or a piece for a page on which a poll just opened."""
    poll = visible(viewer, poll_id)
    onlooker = _onlooker(viewer, poll.forum_session_id)
    return render_template("ballots/ballot.html", shown=shown_poll(poll, onlooker, with_vote=True),
                           forum_session=poll.forum_session, slug=meeting.slug, errors={}, new_key=new_token,
                           typed=None)


@pages.post("/polls/<int:poll_id>/votes")
@member
def cast_vote(viewer: Viewer, meeting: Any, poll_id: int) -> ResponseReturnValue:
    """Cast a vote by a plain form."""
    poll = visible(viewer, poll_id)
    typed = kind_named(poll.kind).read_form(request.form)
    try:
        spend("cast", viewer.person_id)
        receipt = actions.cast_vote(viewer, Cast(
            poll_id=poll_id, raw=request.form.to_dict(), is_form=True,
            round_number=parse_number(request.form.get("round"), name="round"),
            key=parse_key(request.form.get("key")), terms=parse_mark(request.form.get("terms"))))
    except (Invalid, Conflict, TooFast) as refusal:
        if wants_json():
            raise
        errors = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.message}
        shown = shown_poll(visible(viewer, poll_id), _onlooker(viewer, poll.forum_session_id), with_vote=True)
        return render_template(
            "ballots/ballot.html", shown=shown, forum_session=poll.forum_session, slug=meeting.slug,
            errors=errors, typed=typed, new_key=new_token), refusal.status
    if wants_json():
        return jsonify(ok=True, revision=receipt.revision, code=receipt.code,
                       saved_at=receipt.cast_at.isoformat(timespec="seconds"))
    flash(f"Your vote is saved. Your receipt is {receipt.code}.")
    return redirect(back(queries.poll(viewer.meeting_id, poll_id).forum_session, poll))


def _onlooker(viewer: Viewer, forum_session_id: int) -> Onlooker:
    return Onlooker(audience=viewer.audience(forum_session_id), person_id=viewer.person_id)
