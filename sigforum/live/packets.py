"""What is inside a client's messages. The libraries read packets as their own clients write them and stumble over
others, each time with a traceback; here such a packet ends its connection, with one line in the log."""

import logging
from typing import Any

from engineio import json as engine_json
from socketio.packet import BINARY_EVENT, CONNECT, EVENT, Packet

# No event of ours carries bytes; a client that sends some is answered all the same.
MOST_ATTACHMENTS = 4
# The first signs of what a client sends: OPEN to NOOP of Engine.IO, and of Socket.IO all but the server's own error
# and answers with bytes, which nobody is asked for.
ENGINE_KINDS = tuple("0123456")
_CONNECT, _BINARY_EVENT = "0", "5"
_KINDS = (_CONNECT, "1", "2", "3", _BINARY_EVENT)

logger = logging.getLogger(__name__)


class Unreadable(Exception):
    """A packet that no client of the protocol sends. Its words are ours and hold nothing of the packet."""


class BoundedJson:
    """JSON as the libraries read and write it; brackets without end are damaged text, and no error of the server."""

    dumps = staticmethod(engine_json.dumps)

    @staticmethod
    def loads(text: str) -> Any:
        """The value of a text. Raises ValueError."""
        try:
            return engine_json.loads(text)
        except RecursionError:
            raise ValueError("nested too deep") from None


class SmallPacket(Packet):  # type: ignore[misc]
    """A packet of the shape that the server goes on to rely on, with few attachments: the library collects in memory
    as many as a client announces."""

    def decode(self, encoded_packet: Any) -> int:
        """Read a packet, and say how many attachments follow. Raises Unreadable."""
        try:
            count: int = super().decode(encoded_packet)
        except (ValueError, TypeError, IndexError) as problem:
            raise Unreadable("it is no packet") from problem
        if self.namespace not in (None, "/") and self.packet_type != CONNECT:
            raise Unreadable("it speaks of a namespace that nobody is in")
        if not (0 < count <= MOST_ATTACHMENTS if self.packet_type == BINARY_EVENT else count == 0):
            raise Unreadable("it announces attachments that it may not have")
        if self.packet_type in (EVENT, BINARY_EVENT):
            self._check_event()
        return count

    def add_attachment(self, attachment: Any) -> bool:
        """Take the next attachment; whether it was the last. Raises Unreadable."""
        if not isinstance(attachment, bytes):
            raise Unreadable("another packet stands where an attachment was announced")
        try:
            is_whole: bool = super().add_attachment(attachment)
        except (ValueError, TypeError, IndexError, RecursionError) as problem:
            raise Unreadable("an attachment has no place in it") from problem
        if is_whole:
            self._check_event()
        return is_whole

    def _check_event(self) -> None:
        if not isinstance(self.data, list) or not self.data or not isinstance(self.data[0], str):
            raise Unreadable("it is an event without a name")


def read_carefully(server: Any) -> None:
    """Let a Socket.IO server end the connections whose packets cannot be read."""
    take = server.eio.handlers["message"]

    def receive(connection: str, data: Any) -> None:
        try:
            _check_place(server, connection, data)
            take(connection, data)
        except Unreadable as problem:
            logger.warning("a packet that cannot be read ended its connection: %s", problem)
            found = server.eio.sockets.get(connection)
            if found is not None:
                found.close(wait=False, abort=True)
    server.eio.on("message", receive)


def _check_place(server: Any, connection: str, data: Any) -> None:
    """Refuse what is no beginning of a packet, and what may not come at this moment."""
    if connection in server._binary_packet:
        return
    if not isinstance(data, str) or data[:1] not in _KINDS:
        raise Unreadable("it is of no kind that a client sends")
    if data[0] == _BINARY_EVENT and server.manager.sid_from_eio_sid(connection, "/") is None:
        raise Unreadable("it comes before the connection is opened")
