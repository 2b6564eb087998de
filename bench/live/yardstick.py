"""The bare server that everything is compared with: Flask-SocketIO as its manual shows it, and nothing else.

    python -m bench.live.yardstick PORT
"""

import sys
from functools import cache

import eventlet

eventlet.monkey_patch()

from flask import Flask  # noqa: E402
from flask_socketio import SocketIO, emit, join_room  # noqa: E402

app = Flask(__name__)
socketio = SocketIO(app, async_mode="eventlet", ping_interval=20, ping_timeout=20)


@socketio.on("connect")
def connect() -> None:
    join_room("all")


@socketio.on("echo")
def echo(payload: object) -> object:
    return payload


@socketio.on("shout")
def shout(payload: dict[str, int]) -> dict[str, bool]:
    emit("change", {"number": payload["number"], "fragments": [
        {"id": "result", "html": _filling(payload["bytes"]), "into": "", "version": payload["number"]}]}, to="all")
    return {"ok": True}


@cache
def _filling(length: int) -> str:
    return "x" * length


if __name__ == "__main__":
    socketio.run(app, host="127.0.0.1", port=int(sys.argv[1]))
