"""A lean Socket.IO client: as much of WebSocket, Engine.IO and Socket.IO as one page of a browser speaks.

Thousands of them live in one process beside the server they measure, so a message costs them microseconds.
"""

import base64
import json
import os
import socket
import struct
from collections.abc import Callable
from typing import Any

Ack = Callable[[dict[str, Any]], None]
_UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nCookie: {cookie}\r\n\r\n")
# The mask may be any four bytes. Zeros leave the text as it is, which spares this side the work; the server
# takes the mask off all the same.
_MASK = bytes(4)


class Line:
    """One connection, driven by the loop that owns its file number."""

    __slots__ = ("acks", "buffer", "cookie", "is_open", "on_change", "on_close", "on_open", "port", "sent", "sock",
                 "upgraded")

    def __init__(self, *, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self.sock: socket.socket | None = None
        self.buffer = bytearray()
        self.upgraded = self.is_open = False
        self.acks: dict[int, Ack] = {}
        self.sent = 0
        self.on_open: Callable[[], None] = lambda: None
        self.on_close: Callable[[], None] = lambda: None
        self.on_change: Callable[[bytes], None] = lambda _payload: None

    def dial(self) -> int:
        """Connect and ask for a WebSocket; gives the file number to watch."""
        self.buffer.clear()
        self.acks.clear()
        self.upgraded = self.is_open = False
        self.sock = socket.create_connection(("127.0.0.1", self.port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        key = base64.b64encode(os.urandom(16)).decode()
        self.sock.send(_UPGRADE.format(port=self.port, key=key, cookie=self.cookie).encode())
        return self.sock.fileno()

    def hang_up(self) -> None:
        """Cut the connection without a word, as a lost network does."""
        if self.sock is not None:
            self.sock.close()
        self.sock, self.is_open = None, False

    def call(self, event: str, payload: dict[str, Any], ack: Ack) -> None:
        """Send an event; `ack` gets its acknowledgement."""
        self.sent += 1
        self.acks[self.sent] = ack
        self._send(f"42{self.sent}" + json.dumps([event, payload], separators=(",", ":")))

    def readable(self) -> bool:
        """Read what came. Says whether the connection still stands."""
        assert self.sock is not None
        try:
            data = self.sock.recv(262_144)
        except BlockingIOError:
            return True
        except OSError:
            data = b""
        if not data:
            self.hang_up()
            self.on_close()
            return False
        self.buffer += data
        if not self.upgraded:
            self._read_head()
        if self.upgraded:
            self._read_frames()
        return True

    def _read_head(self) -> None:
        end = self.buffer.find(b"\r\n\r\n")
        if end >= 0:
            if not self.buffer.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(bytes(self.buffer[:200]).decode())
            del self.buffer[:end + 4]
            self.upgraded = True

    def _read_frames(self) -> None:
        buffer, at = self.buffer, 0
        while len(buffer) - at >= 2:
            length, start = buffer[at + 1], at + 2
            if length == 126:
                if len(buffer) < at + 4:
                    break
                (length,), start = struct.unpack_from("!H", buffer, start), at + 4
            elif length == 127:
                if len(buffer) < at + 10:
                    break
                (length,), start = struct.unpack_from("!Q", buffer, start), at + 10
            if len(buffer) < start + length:
                break
            first, at = buffer[at], start + length
            if first == 0x81:
                self._take(bytes(buffer[start:at]))
            if self.sock is None:
                return
        del buffer[:at]

    def _take(self, message: bytes) -> None:
        if message.startswith(b"42"):
            self.on_change(message)
        elif message.startswith(b"43"):
            bracket = message.index(b"[")
            self.acks.pop(int(message[2:bracket]))(json.loads(message[bracket:])[0])
        elif message.startswith(b"40"):
            self.is_open = True
            self.on_open()
        elif message.startswith(b"0"):
            self._send("40")
        elif message == b"2":
            self._send("3")
        elif message.startswith(b"44"):
            raise ConnectionError(message.decode())

    def _send(self, text: str) -> None:
        assert self.sock is not None
        data = text.encode()
        length = bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack("!BH", 0xFE, len(data))
        frame = b"\x81" + length + _MASK + data
        if self.sock.send(frame) != len(frame):
            raise ConnectionError("the server does not read")
