"""The web process: patches the standard library for eventlet first, then builds and serves the application."""

import errno
import gc
import os
import resource
import time
import warnings
from collections import Counter
from importlib import import_module
from typing import Any

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

from sigforum.agenda.importing.reading import formats
from sigforum.app import create_app
from sigforum.extensions import socketio
from sigforum.settings import Settings
from sigforum.web import rendering
from sigforum.web.heads import BAD_HEAD, Lines, refusal_of
from sigforum.web.turns import turns_of

# A hall that lost its network comes back all at once. Where the line for new connections is shorter than the hall,
# the system drops the rest, and browsers try again only after seconds. Every open page holds one connection.
CONNECTIONS_IN_LINE = 4096
MOST_CONNECTIONS = 20_000
# Every connection is an open file; the usual limit of 1,024 is less than a hall with two pages each.
MOST_FILES = 65_536
# What somebody may take to say what they want, to send it (from then on with 20 kB in a second), and to take a part of
# the answer; and how long a connection that was of use is kept for another request.
HEAD_SECONDS, BODY_SECONDS, PART_SECONDS, KEPT_SECONDS = 20, 60, 60, 75
BODY_BYTES_A_SECOND = 20_000
# Open files that are left for the database and the log whoever comes.
FILES_LEFT = 100
# Whoever waits for the start is answered first.
PREPARED_AFTER = 0.5
# So many connections are accepted before the loop looks after those who are inside.
AT_ONCE = 10
# What is read at once of a body that nobody wants, and how much at most, so that the refusal is read.
UNWANTED_PIECE, MOST_UNWANTED = 256 * 1024, 32 * 1024 * 1024
FULL = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

app = create_app(Settings.from_environ(os.environ))
gc.collect()
gc.freeze()
# To look through everything for garbage stops everybody for some fifty milliseconds, and nearly all garbage is found
# without: by the count of who still uses it, or among what is young.
gc.set_threshold(5_000, 10, 50)
gc.enable()

# Those who are connected, and since when; a socket's own page among them.
VISITS: "dict[Visit, float]" = {}

if IS_EVENTLET:
    class Body(eventlet.wsgi.Input):  # type: ignore[misc]
        """What comes after a request's head."""

        def discard(self, buffer_size: int = UNWANTED_PIECE) -> None:
            """Read what nobody wants to its end, so that the refusal is read; others run meanwhile."""
            if self.content_length > MOST_UNWANTED:
                raise OSError("More than anybody is asked to send.")
            while self.read(buffer_size):
                turns_of(app).give_way()

    class Visit(eventlet.wsgi.HttpProtocol):  # type: ignore[misc]
        """One connection. Who is slow to say what they want, or to send it, is cut off."""

        timer: Any = None
        rfile: Any
        # Whether the request was heard whole; until then, and between requests, the connection may be ended.
        is_heard = False

        def handle(self) -> None:
            """Serve, and be in the list meanwhile."""
            VISITS[self] = time.monotonic()
            self.wait_at_most(HEAD_SECONDS)
            try:
                super().handle()
            finally:
                VISITS.pop(self, None)
                self.wait_at_most(None)

        def wait_at_most(self, seconds: float | None) -> None:
            """Cut the connection off after so many seconds, unless something is said before."""
            if self.timer is not None:
                self.timer.cancel()
            hub = eventlet.hubs.get_hub()
            self.timer = None if seconds is None else hub.schedule_call_global(seconds, self.cut_off)

        def cut_off(self) -> None:
            """End the connection below everything, as a broken network would."""
            eventlet.greenio.shutdown_safe(self.connection)

        def parse_request(self) -> bool:
            """Read the head; then the body has its own time."""
            self.wait_at_most(HEAD_SECONDS)
            # The library puts the connection's own lines back.
            self.rfile = lines = Lines(self.rfile)
            is_good: bool = super().parse_request()
            if is_good and (refusal := BAD_HEAD if lines.is_broken else refusal_of(self.headers)):
                self.refuse(*refusal)
                return False
            self.is_heard = True
            has_body = is_good and "content-length" in self.headers
            self.wait_at_most(self.body_seconds() if has_body else None)
            return is_good

        def refuse(self, status: str, why: str) -> None:
            """Answer and end the connection: where such a request ends is not known, so nothing more is read of it."""
            said = why.encode()
            self.wfile.write(b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
                             b"Content-Length: %d\r\n\r\n%s" % (status.encode(), len(said), said))
            self.close_connection = True

        def get_environ(self) -> dict[str, Any]:
            """The request, for the application."""
            environ: dict[str, Any] = super().get_environ()
            # The library names the class itself.
            environ["eventlet.input"].__class__ = Body
            return environ

        def body_seconds(self) -> float:
            """How long the body may take to arrive."""
            length = self.headers.get("content-length", "0")
            return BODY_SECONDS + min(int(length), MOST_UNWANTED) / BODY_BYTES_A_SECOND

        def handle_one_response(self) -> None:
            """Answer; afterwards there may be another request."""
            super().handle_one_response()
            self.is_heard = False
            self.wait_at_most(KEPT_SECONDS)

    class Door:
        """The listening socket. It outlives a shortage of files, and shows idle visitors out before there is one."""

        told_at = 0.0
        # Accepted, and perhaps not in the list yet.
        fresh = 0
        accepted = 0

        def __init__(self, sock: Any) -> None:
            self.sock = sock

        def __getattr__(self, name: str) -> Any:
            return getattr(self.sock, name)

        def accept(self) -> Any:
            """The next connection."""
            self.accepted += 1
            if self.accepted % AT_ONCE == 0:
                eventlet.sleep(0)
            while True:
                try:
                    client, address = self.sock.accept()
                except OSError as problem:
                    if problem.errno == errno.ECONNABORTED:
                        continue
                    if problem.errno not in FULL:
                        raise
                    self.make_room()
                    # Whoever still waits in line is let in when somebody has gone.
                    eventlet.sleep(0.1)
                    continue
                self.fresh += 1
                if self.has_room() or self.make_room():
                    return client, address
                client.close()

        def has_room(self) -> bool:
            """Whether one more may stay."""
            soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
            most = MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else max(soft - FILES_LEFT, 20)
            if len(VISITS) + self.fresh > most:
                # Those who were let in take their places in the list.
                self.let_others_run()
            return len(VISITS) + self.fresh <= most

        def let_others_run(self) -> None:
            """Whoever was let in, or has been cut off, comes to know."""
            self.fresh = 0
            eventlet.sleep(0.001)

        def make_room(self) -> bool:
            """End the connection that has been idle the longest, of the address with the most of them."""
            if time.monotonic() - self.told_at > 10:
                self.told_at = time.monotonic()
                app.logger.warning("%s connections are open, as many as the limit of open files allows", len(VISITS))
            idle = [visit for visit in VISITS if not visit.is_heard]
            if not idle:
                return False
            count = Counter(visit.client_address[0] for visit in idle)
            most = max(count, key=lambda one: count[one])
            gone = next(visit for visit in idle if visit.client_address[0] == most)
            VISITS.pop(gone, None)
            gone.cut_off()
            self.let_others_run()
            return True


def serve(host: str, port: int) -> None:
    """Serve until a signal says stop."""
    if not IS_EVENTLET:
        socketio.run(app, host=host, port=port, allow_unsafe_werkzeug=True)
        return
    raise_limit_of_files()
    family, *_, address = eventlet.green.socket.getaddrinfo(host, port)[0]
    listening = eventlet.listen(address, family, backlog=CONNECTIONS_IN_LINE)
    eventlet.spawn_after(PREPARED_AFTER, prepare)
    eventlet.wsgi.server(Door(listening), app, max_size=MOST_CONNECTIONS, log_output=False, protocol=Visit,
                         socket_timeout=PART_SECONDS)


def prepare() -> None:
    """Load what the first one to need it would make everybody wait for."""
    formats()
    # What counts a comparison.
    import_module("numpy")
    rendering.prepare(app)
    gc.collect()
    gc.freeze()


def raise_limit_of_files() -> None:
    """Take as many open files as the system gives without being asked."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


if __name__ == "__main__":
    serve(os.environ.get("SIGFORUM_HOST", "127.0.0.1"), int(os.environ.get("SIGFORUM_PORT", "5000")))
