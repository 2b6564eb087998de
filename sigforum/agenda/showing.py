"""How the agenda looks on the pages of other features."""

from flask import render_template

from sigforum.agenda.models import ForumSession


def state_html(forum_session: ForumSession, *, is_chair: bool) -> str:
    """Where a forum session stands, and for its facilitators the next step."""
    return render_template("agenda/_forum_session_state.html", forum_session=forum_session,
                           slug=forum_session.meeting.slug, is_chair=is_chair)
