"""WebSocket frames as bytes: one written for many, and simple ones read without a system call for each part."""

import struct
import zlib
from typing import Any

TEXT, DEFLATED_TEXT = 0x81, 0xC1
READ_BYTES = 65_536
# Below this, compressing costs more than it saves.
SMALL_BYTES = 512
# Each message compressed by itself (RFC 7692, 7.1.1): one frame then serves all who listen, and no connection
# keeps a window of what went before in memory.
DEFLATE_OFFER = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
DEFLATE = {"permessage-deflate": {"server_no_context_takeover": True, "client_no_context_takeover": True}}
# What the end of every compressed message would be, which is left out on the wire.
_TAIL = b"\x00\x00\xff\xff"


def offer_without_memory(offered: str) -> str:
    """The compression we take from what a browser offers; empty where it asks for something else."""
    wanted = offered.lower()
    return DEFLATE_OFFER if "permessage-deflate" in wanted and "server_max_window_bits" not in wanted else ""


def text_frame(text: str) -> bytes:
    """A whole, unmasked, uncompressed text frame, as a server sends it (RFC 6455, 5.2)."""
    return _frame(TEXT, text.encode())


def deflated_frame(text: str) -> bytes:
    """The same compressed, where it is long enough to be worth it."""
    data = text.encode()
    if len(data) < SMALL_BYTES:
        return _frame(TEXT, data)
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)
    return _frame(DEFLATED_TEXT, packed.removesuffix(_TAIL))


def _frame(first: int, data: bytes) -> bytes:
    if len(data) < 126:
        return struct.pack("!BB", first, len(data)) + data
    if len(data) < 65_536:
        return struct.pack("!BBH", first, 126, len(data)) + data
    return struct.pack("!BBQ", first, 127, len(data)) + data


def unmasked(data: bytes, mask: bytes) -> bytes:
    """The text below a client's mask, which repeats every four bytes. Taken off as one large number."""
    length = len(data)
    key = (mask * (length // 4 + 1))[:length]
    return (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(length, "big")


class BufferedSocket:
    """A websocket's socket that reads ahead, so that a frame of four parts costs one system call."""

    def __init__(self, sock: Any) -> None:
        self.sock = sock
        self.ahead = b""

    def recv(self, most: int, *flags: int) -> bytes:
        """What was read ahead comes first."""
        if self.ahead:
            taken, self.ahead = self.ahead[:most], self.ahead[most:]
            return taken
        received: bytes = self.sock.recv(most, *flags)
        return received

    def settimeout(self, _seconds: float | None) -> None:
        """No timer for every wait: whoever is silent for too long is found by the server's pings."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)


class FrameReader:
    """Reads whole text frames by itself, and leaves everything else (fragments, control frames, those that are
    too large) to the library, which finds the unread bytes where it looks for them."""

    def __init__(self, ws: Any) -> None:
        self.ws, self.library_wait, self.longest = ws, ws.wait, ws.max_frame_length
        self.first_bytes = {TEXT, DEFLATED_TEXT} if ws.extensions == DEFLATE else {TEXT}
        self.buffered = ws.socket = BufferedSocket(ws.socket)

    def wait(self) -> Any:
        """The next message; None where the connection is closed."""
        while True:
            ahead = self.buffered.ahead
            if ahead and ahead[0] not in self.first_bytes:
                return self.library_wait()
            head, length = _sizes(ahead)
            if length > self.longest or length < 0:
                return self.library_wait()
            if head and len(ahead) >= head + length:
                self.buffered.ahead = ahead[head + length:]
                return self._text(ahead[0], unmasked(ahead[head:head + length], ahead[head - 4:head]))
            more = self.buffered.sock.recv(READ_BYTES)
            if not more:
                return None
            self.buffered.ahead = ahead + more

    def _text(self, first: int, data: bytes) -> str | None:
        try:
            return (self._inflated(data) if first == DEFLATED_TEXT else data).decode()
        except ValueError as problem:
            self.ws.close(close_data=(1007, str(problem)[:100]))
            return None

    def _inflated(self, data: bytes) -> bytes:
        """Never more than a frame may hold: a few bytes could unfold to gigabytes."""
        unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        try:
            text = unpacker.decompress(data + _TAIL, self.longest)
        except zlib.error as problem:
            raise ValueError("The compressed text is damaged.") from problem
        if unpacker.unconsumed_tail:
            raise ValueError("The compressed text is too long.")
        return text


def _sizes(ahead: bytes) -> tuple[int, int]:
    """(bytes of a masked frame's head, bytes of its text). The head is 0 where too little has come to say; the
    length is negative where it is not masked, and too large for everybody where it has eight bytes."""
    if len(ahead) < 2:
        return 0, 0
    length = ahead[1] - 0x80
    if length < 126:
        return 6, length
    if length == 127:
        return 0, 2 ** 63
    return (8, int.from_bytes(ahead[2:4], "big")) if len(ahead) >= 4 else (0, 0)
