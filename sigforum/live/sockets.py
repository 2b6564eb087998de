"""Joining a page's room, and catching up with what was missed."""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Invalid, NotFound
from sigforum.kernel.events import forum_room, meeting_room, person_room
from sigforum.live.catchup import caught_up, is_forum_of
from sigforum.live.gateway import Seat, gateway
from sigforum.people import viewer_queries
from sigforum.people.domain import Audience, Viewer


def join(viewer: Viewer, sid: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Sit down in the rooms of one page: `forum` is the id of its forum session, or null; `surface` is
    "projector" on the page that a room looks at together, which is told no names.

    `after` is the number of the last event the page contains. The answer holds the server's time in `now`,
    `number`, the newest event's, and either `fragments`, all that was missed, or `reload`.
    """
    after, forum = payload.get("after"), payload.get("forum")
    if not isinstance(after, int) or isinstance(after, bool) or after < 0:
        raise Invalid({"after": "after is the number of the last event the page contains."})
    if forum is not None and (not isinstance(forum, int) or isinstance(forum, bool)):
        raise Invalid({"forum": "forum is the id of a forum session, or null."})
    shared, own = [meeting_room(viewer.meeting_id)], person_room(viewer.meeting_id, viewer.person_id)
    if forum is not None:
        # The audience below is judged by this meeting's membership, so another meeting's forum session must
        # not be joined under it.
        if not is_forum_of(forum, viewer.meeting_id):
            raise NotFound()
        shared.append(forum_room(forum))
    audience = Audience.PROJECTOR if payload.get("surface") == "projector" else viewer.audience(forum or 0)
    _sit(viewer, sid, [*shared, own], audience)
    # Seated first, then followed, then caught up: an event in between is told twice rather than not at all.
    current_app.extensions["ticker"].follow(viewer.meeting_id)
    return {"now": now().isoformat(timespec="milliseconds"),
            **caught_up(viewer, after=after, shared=shared, own=own, audience=audience)}


def _sit(viewer: Viewer, sid: str, rooms: list[str], audience: Audience) -> None:
    identity = gateway().identities.get(sid)
    if identity is None:
        # The connection ended while its membership was read.
        raise NotFound()
    gateway().leave_all(sid)
    for room in rooms:
        gateway().sit(room, Seat(
            sid=sid, person_id=identity.person_id, sign_in_id=identity.sign_in_id, meeting_id=viewer.meeting_id,
            audience=audience))
    # Somebody removed while sitting down was not seated yet when the ticker looked for them.
    db.session.rollback()
    if not viewer_queries.is_member(viewer.person_id, viewer.meeting_id):
        gateway().leave_all(sid)
        raise NotFound()
