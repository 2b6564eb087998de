"""Opening and closing sockets: only signed-in browsers get in."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from sigforum.extensions import db, socketio
from sigforum.live import catchup, presence
from sigforum.live.admission import PING_ANSWERED, PING_SECONDS, Admission
from sigforum.live.gateway import Gateway
from sigforum.live.guards import MEMBER_EVENTS, RAW_EVENTS, guarded, guarded_raw
from sigforum.live.packets import BoundedJson, SmallPacket, read_carefully
from sigforum.live.straight import VISITOR, write_straight
from sigforum.live.ticker import Ticker
from sigforum.people import viewer_queries
from sigforum.settings import Settings
from sigforum.transaction import events_committed, tallies_moved


def bind(app: Flask) -> None:
    """Attach the live edge to an application: its server, its events, its ticker."""
    settings: Settings = app.config["SETTINGS"]
    # Handlers are registered on the server below Flask-SocketIO, which would build a request for each event.
    socketio.init_app(app, async_mode=settings.async_mode, manage_session=False,
                      max_http_buffer_size=200_000, ping_interval=PING_SECONDS, ping_timeout=PING_ANSWERED,
                      serializer=SmallPacket, json=BoundedJson,
                      # Each connection answers its own events one after the other: nobody floods the process
                      # with work, and what somebody sent first is done first.
                      async_handlers=False)
    server: Any = socketio.server
    gateway = Gateway(server=server)
    ticker = Ticker(app=app, gateway=gateway, server=server)
    app.extensions["gateway"], app.extensions["ticker"] = gateway, ticker
    catchup.bind(app)
    presence.bind(app)

    with app.app_context():
        engine = db.engine

    def identify(environ: Mapping[str, Any]) -> tuple[str, int] | None:
        # The signed cookie is read without building a whole request: a room that comes back knocks all at once.
        cookie = app.session_interface.open_session(app, app.request_class(dict(environ)))
        token = cookie.get("_user_id") if cookie is not None else None
        found = sign_in_of(token)
        return (token, found[1]) if isinstance(token, str) and found is not None else None

    def sign_in_of(token: Any) -> tuple[int, int] | None:
        if not isinstance(token, str):
            return None
        with engine.connect() as connection:
            return viewer_queries.browser_of_token(connection, token)

    admission = Admission(identify=identify)
    write_straight(server, admission, pace=settings.pace)
    read_carefully(server)

    def connect(sid: str, environ: Any = None, *_more: Any) -> bool:
        # A client can send an event of this name itself; only the server has the connection's own request.
        visitor = environ.get(VISITOR) if environ is server.get_environ(sid) else None
        # Read again: the browser may have been signed out since it knocked.
        browser = None if visitor is None else sign_in_of(visitor.token)
        if visitor is None or browser is None:
            return False
        sign_in_id, person_id = browser
        gateway.connected(sid, token=visitor.token, person_id=person_id, sign_in_id=sign_in_id)
        ticker.start()
        return True

    def disconnect(sid: str, *_reason: Any) -> None:
        gateway.disconnected(sid)

    server.on("connect", connect)
    server.on("disconnect", disconnect)
    for name, handler in MEMBER_EVENTS.items():
        server.on(name, guarded(app, name, handler))
    for name, raw_handler in RAW_EVENTS.items():
        server.on(name, guarded_raw(app, name, raw_handler))
    events_committed.connect(ticker.nudge, sender=app)
    tallies_moved.connect(ticker.nudge_tallies, sender=app)
