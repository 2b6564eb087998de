"""What a session's page shows of its rules: the way in, how it attributes, and how many declared an interest."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from flask import render_template, url_for
from flask import session as cookie

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.disclosures import queries
from sigforum.live.gateway import Fragment, Onlooker
from sigforum.people.domain import Viewer


def entry_page(viewer: Viewer, forum_session: ForumSession) -> str:
    """Where somebody is led who comes to a session for the first time; empty for everybody else."""
    if forum_session.id in cookie.get("reading", []) or not queries.needs_entry(viewer, forum_session.id):
        return ""
    return url_for("disclosures.enter", slug=forum_session.meeting.slug, code=forum_session.code)


def unentered(viewer: Viewer, forum_session_ids: Collection[int]) -> frozenset[int]:
    """The sessions at whose door somebody would be led to the rules first."""
    return queries.needing_entry(viewer, forum_session_ids) - frozenset(cookie.get("reading", []))


def entry_banner(viewer: Viewer, forum_session: ForumSession) -> str:
    """The way to the rules, above the discussion, for whoever has not read them and could take part."""
    if not queries.needs_entry(viewer, forum_session.id):
        return ""
    return render_template("disclosures/_banner.html", forum_session=forum_session, slug=forum_session.meeting.slug)


def forum_rules(viewer: Viewer, forum_session: ForumSession) -> str:
    """How responses are attributed, how many declared an interest, and the ways to both."""
    return attribution_html(forum_session) + render_template(
        "disclosures/_interests.html", forum_session=forum_session, slug=forum_session.meeting.slug,
        counts=queries.counts(forum_session), is_chair=viewer.facilitates(forum_session.id),
        is_asked=viewer.speaks_in(forum_session.id))


def show_attribution(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """How responses are attributed from now on."""
    found = agenda.forum_session_by_id(payload["meeting_id"], payload["forum_session_id"])
    yield Fragment(id=f"attribution-{found.id}", html=attribution_html(found))


def attribution_html(forum_session: ForumSession) -> str:
    """How responses of a forum session are attributed, in a few words."""
    return render_template("disclosures/_attribution.html", forum_session=forum_session)
