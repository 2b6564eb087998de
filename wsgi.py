"""The web process: patches the standard library for eventlet first, then builds and serves the application."""

import gc
import os
import warnings

# What is imported stays; to look through it for garbage would take a sixth of the start, and of each look later.
gc.disable()

# Each start would print that eventlet is maintained for bug fixes only; docs/adr/0001 says why it is used.
warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")

IS_EVENTLET = os.environ.get("SIGFORUM_ASYNC_MODE", "eventlet") == "eventlet"
if IS_EVENTLET:
    if not os.environ.get("SIGFORUM_OIDC_ISSUER"):
        # The web process looks up no names; a resolver of its own would cost it a tenth of its start and its memory.
        # An identity provider's name it does look up, and the one of the system would stop everybody meanwhile.
        os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    import eventlet
    import eventlet.green.socket
    import eventlet.wsgi

    # Everything, PostgreSQL's driver included. Naming one part alone, as in psycopg=True, would leave the rest as
    # it is: sleeping and waiting for a lock would stop the event loop instead of the one who waits.
    eventlet.monkey_patch(all=True)

from sigforum.app import create_app
from sigforum.extensions import socketio
from sigforum.settings import Settings

# A hall that lost its network comes back all at once. Where the line for new connections is shorter than the hall,
# the system drops the rest, and browsers try again only after seconds. Every open page holds one connection.
CONNECTIONS_IN_LINE = 4096
MOST_CONNECTIONS = 20_000

app = create_app(Settings.from_environ(os.environ))
gc.collect()
gc.freeze()
gc.enable()


def serve(host: str, port: int) -> None:
    """Serve until a signal says stop."""
    if not IS_EVENTLET:
        socketio.run(app, host=host, port=port, allow_unsafe_werkzeug=True)
        return
    family, *_, address = eventlet.green.socket.getaddrinfo(host, port)[0]
    listening = eventlet.listen(address, family, backlog=CONNECTIONS_IN_LINE)
    eventlet.wsgi.server(listening, app, max_size=MOST_CONNECTIONS, log_output=False)


if __name__ == "__main__":
    serve(os.environ.get("SIGFORUM_HOST", "127.0.0.1"), int(os.environ.get("SIGFORUM_PORT", "5000")))
