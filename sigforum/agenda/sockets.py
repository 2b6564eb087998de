"""How what happens to an agenda looks on open pages."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import render_template

from sigforum.agenda import queries
from sigforum.agenda.showing import state_html
from sigforum.live.gateway import Fragment, Onlooker
from sigforum.people.domain import Audience


def show_moved(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """The forum session's state, and the facilitator's next step."""
    found = queries.forum_session_by_id(payload["meeting_id"], payload["forum_session_id"])
    yield Fragment(id=f"state-{found.id}",
                   html=state_html(found, is_chair=onlooker.audience is Audience.CHAIR))


def show_imported(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """A word that the page is out of date; nothing is redrawn under anybody's hands."""
    yield Fragment(id="agenda-news", into="toasts", html=render_template("agenda/_news.html"))
