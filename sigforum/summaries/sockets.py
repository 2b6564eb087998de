"""How what happens to a summary looks on open pages."""

from collections.abc import Iterable, Mapping
from typing import Any

from sigforum.agenda import queries as agenda
from sigforum.live.gateway import Fragment, Onlooker
from sigforum.summaries.showing import fragments


def show_summary_event(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterable[Fragment]:
    """The summary's state, and the piece that changed; whoever reviewed a line also gets their own card of it."""
    forum_session = agenda.forum_session_by_id(payload["meeting_id"], payload["forum_session_id"])
    return fragments(forum_session, onlooker, line_id=payload["line_id"])
