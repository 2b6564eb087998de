"""Whether a port is free; asked before serving, because the event loop's sockets would share one silently."""

import socket

from sigforum.kernel.errors import Conflict


def check_free(host: str, port: int) -> None:
    """Raises Conflict where something listens on the port already: two servers would take turns answering."""
    with socket.socket() as probe:
        # Connections of a server that stopped a moment ago do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise Conflict(f"Port {port} of {host} cannot be used ({problem.strerror}). "
                           f"Choose another one, for example {port + 1}.") from None
