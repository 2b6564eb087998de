"""Sockets that write a frame at once instead of handing it to a queue and a second thread of work.

One packet for a full room is encoded and framed once, and costs each listener little more than the system call.
docs/adr/0006 says what of the libraries below this relies on.
"""

import json
import logging
import time
from collections import deque
from collections.abc import Callable
from socket import IPPROTO_TCP, SHUT_RDWR, TCP_NODELAY
from typing import Any
from urllib.parse import parse_qs

from engineio.exceptions import EngineIOError, QueueEmpty, UnknownPacketError
from engineio.packet import Packet
from engineio.payload import Payload
from engineio.server import Server
from engineio.socket import Socket

from sigforum.kernel.pace import Pace
from sigforum.live.admission import Admission, Refused
from sigforum.live.frames import DEFLATE, deflated_frame, offer_without_memory, text_frame
from sigforum.live.packets import ENGINE_KINDS
from sigforum.live.reading import FrameReader

# A reader this far behind is cut off. It comes back, and catches up with what is new instead of what is old.
MOST_WAITING = 200
# Who knocked, in the connection's own request.
VISITOR = "sigforum.visitor"
WEBSOCKET_VERSIONS = {"8", "13"}
FRAME_SIZE = 2_000
FRAMES_A_SECOND, FRAMES_AT_ONCE = 100, 600

logger = logging.getLogger(__name__)


class WholePayload(Payload):  # type: ignore[misc]
    """All packets of a request. The library drops those of a page that had more than sixteen waiting."""

    max_decode_packets = 2_000


class StraightSocket(Socket):  # type: ignore[misc]
    """One connection. `ws` is set while it may be written to directly; everything else takes the library's way."""

    ws: Any = None
    fd: Any = None
    # Frames behind one that the network did not take whole; None while nothing waits.
    behind: deque[bytes] | None = None

    def _websocket_handler(self, ws: Any) -> Any:
        if self.server.async_mode == "threading":
            return super()._websocket_handler(ws)
        if not _can_be_straight(ws) or self.sid not in self.server.admission.inside:
            # The library would read it, at whatever pace it is sent and however long it is.
            ws.close()
            return []
        ws.wait = self._paced(ws)
        # Small answers would wait for the acknowledgement of the one before them.
        ws.socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        self.ws, self.fd = ws, ws.socket.fd
        try:
            return super()._websocket_handler(ws)
        finally:
            self.ws = None

    def _upgrade_websocket(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Go on by websocket: once, however many ask for it."""
        if self.upgrading or self.upgraded:
            return self.server._bad_request("The connection has been upgraded already.")
        return super()._upgrade_websocket(environ, start_response)

    def _paced(self, ws: Any) -> Callable[[], Any]:
        """Reading that pauses for each frame of a person who sends too fast, until the connection is closed."""
        person_id = self.server.admission.inside[self.sid].person_id

        def heard(size: int, count: int) -> bool:
            if pause := self.server.pause_of(person_id, size, count=count):
                self.server.sleep(pause)
            return not self.closed
        read = FrameReader(ws, heard).wait

        def wait() -> str | bytes | None:
            message = read()
            if isinstance(message, str) and message[:1] not in ENGINE_KINDS:
                # The library would fail over it, and never tidy up after the connection.
                logger.warning("a message that is no packet ended its connection")
                return None
            return message
        return wait

    def handle_post_request(self, environ: dict[str, Any]) -> None:
        """Take every packet of a long-polling request, or none of them and answer with an error."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        try:
            if length > self.server.max_http_buffer_size:
                raise ValueError
            packets = WholePayload(encoded_payload=environ["wsgi.input"].read(length).decode()).packets
        except (ValueError, TypeError, KeyError, IndexError, RecursionError):
            # The library would close it too, and wait for somebody to read the goodbye.
            self.close(wait=False, abort=True)
            raise EngineIOError("The packets cannot be read.") from None
        visitor = self.server.admission.inside.get(self.sid)
        if visitor and (pause := self.server.pause_of(visitor.person_id, length, count=len(packets))):
            self.server.sleep(pause)
        for packet in packets:
            try:
                self.receive(packet)
            except UnknownPacketError:
                self.close(wait=False, abort=True)
            if self.closed:
                # Nothing more is taken of a connection that a packet has ended.
                raise EngineIOError("The connection is over.")

    def poll(self) -> list[Packet]:
        """What the library's writer is to send. It takes a queue that stays empty past a ping for a dead connection;
        ours stays empty while all goes straight, pings included, and the pings' own check finds the dead ones."""
        while True:
            try:
                packets: list[Packet] = super().poll()
                return packets
            except QueueEmpty:
                if self.ws is None:
                    raise

    def send(self, pkt: Packet) -> None:
        """Send a packet: straight where nothing is under way to this reader, else behind what is."""
        ws = self.ws
        if ws is None or not self.upgraded or pkt.binary or self.closed:
            super().send(pkt)
        elif self.check_ping_timeout():
            frame = _deflated(pkt) if ws.extensions else _framed(pkt)
            if self.behind is not None:
                self._line_up(frame)
            elif self.queue.empty() and _is_free(ws._sendlock):
                self._write(frame)
            else:
                super().send(pkt)

    def close(self, *arguments: Any, **keywords: Any) -> None:
        """Close; who is behind would keep the library waiting for its turn to say goodbye."""
        if self.behind is not None:
            self._drop()
        super().close(*arguments, **keywords)

    def _write(self, frame: bytes) -> None:
        try:
            sent = self.fd.send(frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            # The reader has gone; its own loop finds out and tidies up.
            return
        if sent < len(frame):
            # Nothing has run since the lock was seen free, so this does not wait. It is held until the rest is
            # out: nobody else's bytes may come between.
            self.ws._sendlock.acquire()
            self.behind = deque([frame[sent:]])
            self.server.start_background_task(self._write_behind, self.ws)

    def _write_behind(self, ws: Any) -> None:
        """Write what waits, at the pace of the reader, with the lock held from the first byte to the last."""
        try:
            while self.behind:
                # The first one stays in line while it is written, so that its bytes count as waiting.
                ws.socket.sendall(self.behind[0])
                self.behind.popleft()
        except OSError:
            self.ws = None
        finally:
            self.behind = None
            ws._sendlock.release()

    def _line_up(self, frame: bytes) -> None:
        assert self.behind is not None
        if len(self.behind) < MOST_WAITING:
            self.behind.append(frame)
        else:
            self.server.logger.info("%s: does not read, and is cut off", self.sid)
            self._drop()

    def _drop(self) -> None:
        """End the connection below everything, as a broken network would; all else follows from that."""
        ws, self.ws = self.ws, None
        if ws is not None:
            try:
                ws.socket.shutdown(SHUT_RDWR)
            except OSError:
                return


class StraightServer(Server):  # type: ignore[misc]
    """An Engine.IO server with such sockets, which asks who knocks before it keeps anything of them."""

    admission: Admission
    # What all connections of a person send together, in frames of two kilobytes; faster ones are read more slowly.
    pace: Pace

    def handle_request(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Take compression only where one compressed message serves all, and connections only of who is signed in."""
        offered = environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", "")
        if taken := offer_without_memory(offered):
            environ["HTTP_SEC_WEBSOCKET_EXTENSIONS"] = taken
        if environ.get("HTTP_UPGRADE", "").lower() == "websocket" and (
                environ.get("HTTP_SEC_WEBSOCKET_VERSION") not in WEBSOCKET_VERSIONS):
            # What came before RFC 6455 has no frames with a length, and the library would read it without an end.
            start_response("426 Upgrade Required", [("Sec-WebSocket-Version", "13"), ("Connection", "close")])
            return [b""]
        # Read as the library reads it: what it takes for a new connection is asked about.
        if "sid" not in parse_qs(environ.get("QUERY_STRING", "")):
            visitor = self.admission.knock(environ)
            if isinstance(visitor, Refused):
                again = [] if visitor.seconds is None else [("Retry-After", str(visitor.seconds))]
                start_response(visitor.status, [
                    ("Content-Type", "application/json"), ("Connection", "close"), *again])
                return [json.dumps({"message": visitor.message}).encode()]
            environ[VISITOR] = visitor
        return super().handle_request(environ, start_response)

    def pause_of(self, person_id: int, size: int, *, count: int) -> float:
        """How long somebody who has sent so many bytes, in so many frames or packets, is not read from."""
        return self.pace.owe(person_id, now=time.monotonic(), cost=count + size / FRAME_SIZE)

    def _trigger_event(self, event: str, *arguments: Any, **keywords: Any) -> Any:
        if event == "connect":
            # The library names the class of its sockets itself. This is the first moment after it made one.
            self.sockets[arguments[0]].__class__ = StraightSocket
            if VISITOR not in arguments[1]:
                return False
            self.admission.came(arguments[0], arguments[1][VISITOR])
        elif event == "disconnect":
            self.admission.went(arguments[0])
        return super()._trigger_event(event, *arguments, **keywords)


def write_straight(server: Any, admission: Admission | None = None, *, pace: int = 1) -> None:
    """Let a Socket.IO server's connections write straight, and admit whom `admission` lets in, nobody without one. One
    person's connections are read at so many times the usual pace."""
    server.eio.__class__ = StraightServer
    server.eio.admission = admission or Admission(identify=lambda _environ: None)
    server.eio.pace = Pace(rate=pace * FRAMES_A_SECOND, burst=pace * FRAMES_AT_ONCE)


def _framed(pkt: Packet) -> bytes:
    """The packet's frame, kept with it for the next listener."""
    frame: bytes | None = getattr(pkt, "frame", None)
    if frame is None:
        frame = pkt.frame = text_frame(pkt.encode())
    return frame


def _deflated(pkt: Packet) -> bytes:
    frame: bytes | None = getattr(pkt, "deflated_frame", None)
    if frame is None:
        frame = pkt.deflated_frame = deflated_frame(pkt.encode())
    return frame


def _is_free(lock: Any) -> bool:
    # Somebody woken but not yet running holds no lock and still comes first.
    return not lock.locked() and not lock._waiters


def _can_be_straight(ws: Any) -> bool:
    """Whether this is the websocket we know, on a plain non-blocking socket, and no message of it depends on
    another one's compression."""
    fd = getattr(getattr(ws, "socket", None), "fd", None)
    return (fd is not None and hasattr(ws, "_sendlock") and getattr(ws, "extensions", None) in ({}, DEFLATE)
            and hasattr(ws, "max_frame_length") and not hasattr(fd, "cipher") and fd.gettimeout() == 0)
