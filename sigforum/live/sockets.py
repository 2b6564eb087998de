"""Joining a page's room, and catching up with what was missed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import current_app

from sigforum.extensions import db
from sigforum.kernel.errors import Invalid, NotFound
from sigforum.kernel.events import forum_room, meeting_room, person_room
from sigforum.live import queries
from sigforum.live.gateway import Onlooker, Seat, fragments_of, gateway
from sigforum.live.guards import member_event
from sigforum.live.ticker import TALLIES
from sigforum.people import queries as people
from sigforum.people.domain import Viewer

# Past this many missed events a fresh page is cheaper than mending the old one.
MOST_MISSED = 200


@member_event("join")
def join(viewer: Viewer, sid: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Sit down in the rooms of one page: `forum` is the id of its forum session, or null.

    `after` is the number of the last event the page contains. The answer holds `number`, the newest one,
    and either `fragments`, all that was missed, or `reload`.
    """
    after, forum = payload.get("after"), payload.get("forum")
    if not isinstance(after, int) or isinstance(after, bool) or after < 0:
        raise Invalid({"after": "after is the number of the last event the page contains."})
    if forum is not None and (not isinstance(forum, int) or isinstance(forum, bool)):
        raise Invalid({"forum": "forum is the id of a forum session, or null."})
    rooms = [meeting_room(viewer.meeting_id), person_room(viewer.meeting_id, viewer.person_id)]
    if forum is not None:
        # The audience below is judged by this meeting's membership, so another meeting's forum session must
        # not be joined under it.
        if not queries.is_forum_of(forum, viewer.meeting_id):
            raise NotFound()
        rooms.append(forum_room(forum))
    _, person_id, sign_in_id = gateway().identities[sid]
    audience = viewer.audience(forum or 0)
    gateway().leave_all(sid)
    for room in rooms:
        gateway().sit(room, Seat(
            sid=sid, person_id=person_id, sign_in_id=sign_in_id, meeting_id=viewer.meeting_id,
            audience=audience))
    # Somebody removed while sitting down was not seated yet when the ticker looked for them.
    db.session.rollback()
    if not people.is_member(viewer.person_id, viewer.meeting_id):
        gateway().leave_all(sid)
        raise NotFound()
    # Seated first, then followed, then caught up: an event in between is told twice rather than not at all.
    current_app.extensions["ticker"].follow(viewer.meeting_id)
    return _caught_up(viewer, after=after, rooms=rooms, audience=audience)


def _caught_up(viewer: Viewer, *, after: int, rooms: list[str], audience: Any) -> Mapping[str, Any]:
    number = queries.last_number(viewer.meeting_id)
    if after > number:
        return {"number": number, "reload": True}
    events = queries.missed(viewer.meeting_id, after=after, rooms=rooms, most=MOST_MISSED + 1)
    if len(events) > MOST_MISSED:
        return {"number": number, "reload": True}
    changed: dict[str, Any] = {}
    # What is shown is read again now, so the same event twice is rendered once.
    for event in {(event.kind, str(event.payload)): event for event in events}.values():
        is_own = event.payload.get("person_id") == viewer.person_id
        onlooker = Onlooker(audience=audience, person_id=viewer.person_id if is_own else None)
        for fragment in fragments_of(event.kind, event.payload, onlooker):
            # The first place is kept, the last rendering wins.
            changed[fragment.id] = asdict(fragment)
    # Votes are no events, so tallies that moved while the page was away come as they stand now.
    for tallies in TALLIES:
        for key, version in tallies.versions(rooms).items():
            if version:
                changed |= {one.id: asdict(one)
                            for one in tallies.render(key, version, Onlooker(audience=audience))}
    return {"number": number, "fragments": list(changed.values())}
