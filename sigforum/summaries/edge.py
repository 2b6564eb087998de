"""What the edges of a summary share: its small form pages, and the way back."""

from dataclasses import asdict
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.agenda.models import ForumSession
from sigforum.kernel.errors import Conflict, Invalid, Outdated
from sigforum.live.gateway import Onlooker
from sigforum.people.domain import Viewer
from sigforum.summaries import showing
from sigforum.web.errors import wants_json


def form_page(template: str, forum_session: ForumSession, **values: Any) -> str:
    """A small form: a page of its own without scripts, the inside of a dialog with them."""
    return render_template(template, forum_session=forum_session, slug=forum_session.meeting.slug, **values)


def form_again(template: str, refusal: Invalid | Conflict, forum_session: ForumSession,
               **values: Any) -> ResponseReturnValue:
    """The form with what was typed and why it was not taken; a script shows the refusal beside the fields itself."""
    if wants_json():
        raise refusal
    errors = refusal.errors if isinstance(refusal, Invalid) else {"text": refusal.message}
    typed = request.form.to_dict() | (refusal.renewed if isinstance(refusal, Outdated) else {})
    return form_page(template, forum_session, typed=typed, errors=errors, **values), refusal.status


def done(viewer: Viewer, forum_session: ForumSession, words: str, *, page: str, line_id: int = 0,
         anchor: str | None = None) -> ResponseReturnValue:
    """Back to a page of the summary; a script gets what changed, at once."""
    if wants_json():
        onlooker = Onlooker(audience=viewer.audience(forum_session.id), person_id=viewer.person_id)
        return jsonify(ok=True, message=words, fragments=[
            asdict(one) for one in showing.fragments(forum_session, onlooker, line_id=line_id)])
    flash(words)
    return redirect(url_for(page, slug=forum_session.meeting.slug, code=forum_session.code, _anchor=anchor))
