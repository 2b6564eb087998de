"""The guard of every socket event: who sends it, read afresh, or a refusal in plain words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, current_app

from sigforum.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from sigforum.live.gateway import gateway
from sigforum.people import queries
from sigforum.people.domain import Viewer

Handler = Callable[[Viewer, str, Mapping[str, Any]], Mapping[str, Any]]
# Filled by each feature's sockets.py at import; bound to a server by live.connections.
MEMBER_EVENTS: dict[str, Handler] = {}


def member_event(name: str) -> Callable[[Handler], Handler]:
    """Register a socket event that only a live member of the meeting it names may send."""
    def register(handler: Handler) -> Handler:
        if name in MEMBER_EVENTS:
            raise ValueError(f"the socket event {name!r} has a handler already")
        MEMBER_EVENTS[name] = handler
        return handler
    return register


def guarded(app: Flask, handler: Handler) -> Callable[..., Mapping[str, Any]]:
    """The function that the Socket.IO server calls: guard, handler, acknowledgement."""
    def receive(sid: str, *payloads: Any) -> Mapping[str, Any]:
        with app.app_context():
            try:
                if len(payloads) != 1 or not isinstance(payloads[0], Mapping):
                    raise Refusal("An event carries one object.")
                return {"ok": True, **handler(_viewer(sid, payloads[0]), sid, payloads[0])}
            except Invalid as refusal:
                return {"ok": False, "status": refusal.status, "error": refusal.message,
                        "errors": refusal.errors}
            except Refusal as refusal:
                return {"ok": False, "status": refusal.status, "error": refusal.message}
            except Exception:
                current_app.logger.exception("a socket event failed")
                return {"ok": False, "status": 500, "error": "The server could not do this; it was noted."}
    return receive


def _viewer(sid: str, payload: Mapping[str, Any]) -> Viewer:
    """The sender in the meeting the payload names. Sign-in and membership are read at every event, so that
    a person revoked a second ago is refused although the socket is still open."""
    token, person_id, _sign_in_id = gateway().identities.get(sid, ("", 0, 0))
    if not token or queries.sign_in_by_token(token) is None:
        raise NotAllowed("You are signed out. Open the page again to sign in.")
    slug = payload.get("meeting")
    # Half a character, which JSON can carry, would be an error in the database.
    if not isinstance(slug, str) or not slug.isascii():
        raise NotFound()
    return queries.membership(person_id, slug=slug).viewer()
