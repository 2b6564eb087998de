"""The guard of every socket event: who sends it, read afresh, or a refusal in plain words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask

from sigforum.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, Wait
from sigforum.kernel.text import typed_values
from sigforum.live.gateway import Identity, gateway
from sigforum.people import viewer_queries
from sigforum.people.domain import SIGNED_OUT, Viewer
from sigforum.web.pacing import spend
from sigforum.web.turns import turns_of

Answer = Mapping[str, Any]
Handler = Callable[[Viewer, str, Mapping[str, Any]], Answer]
RawHandler = Callable[[Flask, Identity, str, Mapping[str, Any]], Answer]
# Filled by the install() of features; bound to a server by live.connections.
MEMBER_EVENTS: dict[str, Handler] = {}
RAW_EVENTS: dict[str, RawHandler] = {}
DEEPEST = 20


def answer_event(name: str, handler: Handler) -> None:
    """Register a socket event that only a live member of the meeting it names may send."""
    _check_free(name, handler)
    MEMBER_EVENTS[name] = handler


def answer_raw_event(name: str, handler: RawHandler) -> None:
    """Register a socket event whose handler checks the sender itself, for where a read before the handler costs
    too much: it gets the application, with no context pushed, and whose socket it is, as was true when it
    connected. The handler must read sign-in and membership afresh before it acts or tells anything."""
    _check_free(name, handler)
    RAW_EVENTS[name] = handler


def guarded(app: Flask, name: str, handler: Handler) -> Callable[..., Answer]:
    """The function that the Socket.IO server calls: guard, handler, acknowledgement."""
    identities = gateway(app).identities

    def answer(sid: str, payload: Mapping[str, Any]) -> Answer:
        identity = identities.get(sid)
        turns_of(app).take(None if identity is None else identity.person_id)
        with app.app_context():
            return handler(_viewer(sid, payload), sid, payload)
    return _acknowledged(app, name, answer)


def guarded_raw(app: Flask, name: str, handler: RawHandler) -> Callable[..., Answer]:
    """The same for a handler that checks the sender itself."""
    identities = gateway(app).identities

    def answer(sid: str, payload: Mapping[str, Any]) -> Answer:
        identity = identities.get(sid)
        if identity is None:
            raise signed_out()
        return handler(app, identity, sid, payload)
    return _acknowledged(app, name, answer)


def signed_out() -> NotAllowed:
    """What somebody is told whose browser is not signed in any more."""
    return NotAllowed(SIGNED_OUT)


def _acknowledged(app: Flask, name: str, answer: Callable[[str, Mapping[str, Any]], Answer]) -> Callable[..., Answer]:
    identities = gateway(app).identities

    def receive(sid: str, *payloads: Any) -> Answer:
        try:
            if len(payloads) != 1 or not isinstance(payloads[0], dict):
                raise Refusal("An event carries one object.")
            identity = identities.get(sid)
            if identity is not None:
                spend(name, identity.person_id, app=app)
            _refuse_unstorable(payloads[0])
            return {"ok": True, **answer(sid, typed_values(payloads[0]))}
        except Wait as refusal:
            return {"ok": False, "status": refusal.status, "error": refusal.message, "retry_after": refusal.seconds}
        except Invalid as refusal:
            return {"ok": False, "status": refusal.status, "error": refusal.message, "errors": refusal.errors}
        except Refusal as refusal:
            return {"ok": False, "status": refusal.status, "error": refusal.message}
        except Exception:
            app.logger.exception("a socket event failed")
            return {"ok": False, "status": 500, "error": "The server could not do this; it was noted."}
    return receive


def _refuse_unstorable(payload: Mapping[str, Any]) -> None:
    """No database stores NUL, and nothing of ours is nested deep. What else is wrong with texts, the cleaner mends."""
    left: list[tuple[Any, int]] = [(payload, 0)]
    while left:
        value, depth = left.pop()
        if depth > DEEPEST:
            raise Refusal("The event is nested too deep.")
        if isinstance(value, str) and "\0" in value:
            # A meeting of such a name is none; anything else is a text that can be mended.
            if value == payload.get("meeting"):
                raise NotFound()
            raise Invalid({"": "The text holds an invisible character (NUL). Remove it and send it again."})
        if isinstance(value, Mapping):
            left += [(one, depth + 1) for pair in value.items() for one in pair]
        elif isinstance(value, list | tuple):
            left += [(one, depth + 1) for one in value]


def _check_free(name: str, handler: Handler | RawHandler) -> None:
    if (MEMBER_EVENTS.get(name) or RAW_EVENTS.get(name) or handler) is not handler:
        raise ValueError(f"the socket event {name!r} has a handler already")


def _viewer(sid: str, payload: Mapping[str, Any]) -> Viewer:
    """The sender in the meeting the payload names. Sign-in and membership are read at every event, so that
    a person revoked a second ago is refused although the socket is still open."""
    identity, slug = gateway().identities.get(sid), payload.get("meeting")
    if identity is None:
        raise signed_out()
    # Half a character, which JSON can carry, would be an error in the database.
    viewer = viewer_queries.viewer_of_token(identity.token, slug if isinstance(slug, str) and slug.isascii() else "")
    if viewer is None:
        raise signed_out()
    return viewer
