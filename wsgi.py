"""The web process: patches the standard library for eventlet first, then builds and serves the application."""

import os
import warnings

# Each start would print that eventlet is maintained for bug fixes only; docs/adr/0001 says why it is used.
warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")

if os.environ.get("SIGFORUM_ASYNC_MODE", "eventlet") == "eventlet":
    import eventlet

    # Everything, PostgreSQL's driver included. Naming one part alone, as in psycopg=True, would leave the rest as
    # it is: sleeping and waiting for a lock would stop the event loop instead of the one who waits.
    eventlet.monkey_patch(all=True)

from sigforum.app import create_app
from sigforum.extensions import socketio
from sigforum.settings import Settings

app = create_app(Settings.from_environ(os.environ))

if __name__ == "__main__":
    socketio.run(app, host=os.environ.get("SIGFORUM_HOST", "127.0.0.1"),
                 port=int(os.environ.get("SIGFORUM_PORT", "5000")), allow_unsafe_werkzeug=True)
