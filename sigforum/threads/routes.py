"""A forum session's page, and the forms around its responses."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.agenda.showing import state_html
from sigforum.disclosures.showing import entry_banner, entry_page, forum_rules
from sigforum.kernel.errors import Conflict, Invalid, NotAllowed, Refusal
from sigforum.kernel.ids import new_token
from sigforum.live import queries as live
from sigforum.live.gateway import Onlooker
from sigforum.people.domain import Viewer
from sigforum.people.guards import member
from sigforum.threads import actions, flagging, hooks, policy, queries
from sigforum.threads.domain import SHOWN, shown_rule
from sigforum.threads.forms import clean_text, parse_number, parse_reason, parse_response
from sigforum.threads.models import Response
from sigforum.threads.showing import cards
from sigforum.threads.sockets import response_fragment
from sigforum.web.errors import wants_json
from sigforum.web.pacing import TooFast, spend
from sigforum.web.pages import Pages
from sigforum.web.rendering import panels

pages = Pages()


def forum_facts(viewer: Viewer) -> Mapping[int, Mapping[str, int]]:
    """What the meeting's page shows of each forum session: how much was said, how much is new."""
    return {identifier: {"responses": found.responses, "replies": found.replies, "unread": found.unread}
            for identifier, found in queries.activity(viewer.meeting_id, viewer.person_id).items()}


@pages.get("/sessions/<code>")
@member
def show_forum_session(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """The page of a forum session: its threads, with priorities and polls beside them."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    first = entry_page(viewer, forum_session)
    return redirect(first) if first else _page(viewer, forum_session)


@pages.post("/sessions/<code>/responses")
@member
def post_response(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Post a response or a reply."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    try:
        spend("post", viewer.person_id)
        response = actions.post_response(viewer, parse_response(request.form))
    except Refusal as refusal:
        if wants_json():
            raise
        return _not_posted(viewer, forum_session, refusal)
    return _done(viewer, response, "Posted.")


def _not_posted(viewer: Viewer, forum_session: ForumSession, refusal: Refusal) -> ResponseReturnValue:
    """The form again, with what was typed and why it was not taken: on the page where the question stands by now."""
    errors = refusal.errors if isinstance(refusal, Invalid) else {"text": refusal.message}
    parent_id, question_id = (parse_number(request.form.get(name, "")) for name in ("parent_id", "question_id"))
    if parent_id:
        parent = queries.response(viewer.meeting_id, parent_id)
        return _form("threads/reply.html", viewer, parent, key=request.form.get("key", ""), errors=errors,
                     text=request.form.get("text", "")), refusal.status
    if question_id:
        forum_session = agenda.question(viewer.meeting_id, question_id).forum_session
    return _page(viewer, forum_session, errors=errors, typed=request.form), refusal.status


@pages.post("/sessions/<code>/read")
@member
def mark_read(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Remember how far the reader has come."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    newest = parse_number(request.form.get("response_id", ""))
    if newest is None:
        raise Invalid({"response_id": "It is not said how far you have read."})
    actions.mark_read(viewer, forum_session.id, response_id=newest)
    if wants_json():
        return jsonify(ok=True)
    return redirect(url_for(".show_forum_session", slug=meeting.slug, code=code))


@pages.get("/responses/<int:response_id>/reply")
@member
def reply_form(viewer: Viewer, meeting: Any, response_id: int) -> ResponseReturnValue:
    """The form of a reply, on a page of its own or inside the thread."""
    response = queries.response(viewer.meeting_id, response_id)
    policy.check("reply", viewer, response.question.forum_session, response)
    return _form("threads/reply.html", viewer, response, key=new_token(), errors={}, text="")


@pages.route("/responses/<int:response_id>/edit", methods=["GET", "POST"])
@member
def edit_response(viewer: Viewer, meeting: Any, response_id: int) -> ResponseReturnValue:
    """Change one's own response."""
    response = queries.response(viewer.meeting_id, response_id)
    policy.check("edit", viewer, response.question.forum_session, response)
    if request.method != "POST":
        return _form("threads/edit.html", viewer, response, text=response.text, errors={},
                     revision=response.revision)
    text, revision = request.form.get("text", ""), parse_number(request.form.get("revision", "")) or 0
    try:
        spend("post", viewer.person_id)
        edited = actions.edit_response(viewer, response_id, text=clean_text(text), revision=revision,
                                       shown=shown_rule(request.form.get(SHOWN, "")))
    except (Invalid, Conflict, TooFast) as refusal:
        if wants_json():
            raise
        errors = refusal.errors if isinstance(refusal, Invalid) else {"text": refusal.message}
        return _form("threads/edit.html", viewer, queries.response(viewer.meeting_id, response_id), text=text,
                     errors=errors, revision=revision), refusal.status
    return _done(viewer, edited, "Changed. Earlier versions are kept.")


@pages.route("/responses/<int:response_id>/withdraw", methods=["GET", "POST"])
@member
def withdraw_response(viewer: Viewer, meeting: Any, response_id: int) -> ResponseReturnValue:
    """Take one's own response back, after a question."""
    return _confirmed(viewer, response_id, "withdraw", "threads/withdraw.html", actions.withdraw_response,
                      "Withdrawn. You can put it back.")


@pages.route("/responses/<int:response_id>/restore", methods=["GET", "POST"])
@member
def restore_response(viewer: Viewer, meeting: Any, response_id: int) -> ResponseReturnValue:
    """Put a withdrawn response back."""
    return _confirmed(viewer, response_id, "withdraw", "threads/restore.html", actions.restore_response, "Put back.")


@pages.route("/responses/<int:response_id>/flag", methods=["GET", "POST"])
@member
def flag_response(viewer: Viewer, meeting: Any, response_id: int) -> ResponseReturnValue:
    """Flag a response to the chair, with a reason."""
    response = queries.response(viewer.meeting_id, response_id)
    policy.check("flag", viewer, response.question.forum_session, response)
    if request.method != "POST":
        return _form("threads/flag.html", viewer, response, reason="", errors={})
    reason = request.form.get("reason", "")
    try:
        flagged = flagging.flag_response(viewer, response_id, reason=parse_reason(reason))
    except (Invalid, Conflict) as refusal:
        if wants_json():
            raise
        errors = refusal.errors if isinstance(refusal, Invalid) else {"reason": refusal.message}
        return _form("threads/flag.html", viewer, response, reason=reason, errors=errors), refusal.status
    return _done(viewer, flagged, "Flagged. It is hidden until the chair decides.")


@pages.route("/responses/<int:response_id>/hide", methods=["GET", "POST"])
@member
def hide_response(viewer: Viewer, meeting: Any, response_id: int) -> ResponseReturnValue:
    """Hide a response, with a reason."""
    response = queries.response(viewer.meeting_id, response_id)
    policy.check("hide", viewer, response.question.forum_session, response)
    if request.method != "POST":
        return _form("threads/hide.html", viewer, response, reason="", errors={})
    reason = request.form.get("reason", "")
    try:
        hidden = actions.hide_response(viewer, response_id, reason=parse_reason(reason))
    except Invalid as refusal:
        if wants_json():
            raise
        return _form("threads/hide.html", viewer, response, reason=reason, errors=refusal.errors), 422
    return _done(viewer, hidden, "Hidden. Its author and the room see your reason.")


@pages.route("/responses/<int:response_id>/show", methods=["GET", "POST"])
@member
def show_response(viewer: Viewer, meeting: Any, response_id: int) -> ResponseReturnValue:
    """Undo hiding."""
    return _confirmed(viewer, response_id, "hide", "threads/show.html", actions.show_response, "Shown again.")


@pages.get("/responses/<int:response_id>/history")
@member
def show_history(viewer: Viewer, meeting: Any, response_id: int) -> ResponseReturnValue:
    """Every version of a response; of one taken back only for its author and the chair."""
    response = queries.response(viewer.meeting_id, response_id)
    is_close = viewer.facilitates(response.forum_session_id) or response.author_id == viewer.person_id
    if not response.is_standing and not is_close:
        raise NotAllowed("This response was taken back.")
    return _form("threads/history.html", viewer, response)


def _confirmed(viewer: Viewer, response_id: int, permission: str, template: str,
               act: Callable[[Viewer, int], Response], words: str) -> ResponseReturnValue:
    """A question first, and what was asked for once its button is pressed."""
    response = queries.response(viewer.meeting_id, response_id)
    policy.check(permission, viewer, response.question.forum_session, response)
    if request.method != "POST":
        return _form(template, viewer, response)
    return _done(viewer, act(viewer, response_id), words)


def _page(viewer: Viewer, forum_session: ForumSession, *, errors: Mapping[str, str] | None = None,
          typed: Mapping[str, str] | None = None) -> str:
    # The number is read first: an event between the two is then sent again rather than missed.
    number = live.last_number(viewer.meeting_id)
    threads = queries.threads(forum_session, person_id=viewer.person_id,
                              also=parse_number((typed or {}).get("question_id", "")))
    slug = forum_session.meeting.slug
    onlooker = Onlooker(audience=viewer.audience(forum_session.id), person_id=viewer.person_id)
    everything = [shown for one in threads for top in one.responses for shown in (top, *top.replies)]
    return render_template(
        "threads/forum_session.html", forum_session=forum_session, slug=slug,
        threads=threads, number=number,
        cards={one.question.id: cards(one.responses, onlooker, slug=slug) for one in threads},
        may_post=policy.may("post", viewer, forum_session), new_key=new_token,
        unread=sum(shown.is_unread and shown.response.is_standing for shown in everything),
        newest=max((shown.response.id for shown in everything), default=0),
        errors=errors or {}, typed=typed or {},
        state=state_html(forum_session, is_chair=viewer.facilitates(forum_session.id)),
        rules=forum_rules(viewer, forum_session), tools=panels(hooks.forum_tools, viewer, forum_session),
        banner=entry_banner(viewer, forum_session), top=panels(hooks.forum_top, viewer, forum_session),
        side=panels(hooks.forum_side, viewer, forum_session))


def _form(template: str, viewer: Viewer, response: Response, **values: Any) -> str:
    forum_session = response.question.forum_session
    return render_template(template, response=response, forum_session=forum_session,
                           slug=forum_session.meeting.slug,
                           byline=queries.byline_of(response, forum_session), **values)


def _done(viewer: Viewer, response: Response, words: str) -> ResponseReturnValue:
    """Back to the response; a script gets it rendered as its author sees it, at once."""
    forum_session = response.question.forum_session
    if wants_json():
        is_own = response.author_id == viewer.person_id
        onlooker = Onlooker(audience=viewer.audience(forum_session.id),
                            person_id=viewer.person_id if is_own else None)
        return jsonify(ok=True, message=words, fragments=[asdict(response_fragment(response, onlooker))])
    flash(words)
    return redirect(url_for(".show_forum_session", slug=forum_session.meeting.slug, code=forum_session.code)
                    + f"#response-{response.id}")
