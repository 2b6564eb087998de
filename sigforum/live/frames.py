"""WebSocket frames as bytes: one written for many, and what the head of one that comes says."""

import struct
import zlib
from dataclasses import dataclass

TEXT, DEFLATED_TEXT = 0x81, 0xC1
# Below this, compressing costs more than it saves.
SMALL_BYTES = 512
# Each message compressed by itself (RFC 7692, 7.1.1): one frame then serves all who listen, and no connection
# keeps a window of what went before in memory.
DEFLATE_OFFER = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
DEFLATE = {"permessage-deflate": {"server_no_context_takeover": True, "client_no_context_takeover": True}}
# What the end of every compressed message would be, which is left out on the wire.
TAIL = b"\x00\x00\xff\xff"


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
    return _frame(DEFLATED_TEXT, packed.removesuffix(TAIL))


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


@dataclass(frozen=True)
class Head:
    """What stands before the data of a client's frame."""

    first: int
    is_masked: bool
    length: int
    # How many bytes the head itself takes, its mask included.
    size: int

    @property
    def opcode(self) -> int:
        """What kind of frame it is."""
        return self.first & 0x0F

    @property
    def is_last(self) -> bool:
        """Whether the message ends with it."""
        return bool(self.first & 0x80)

    @property
    def is_deflated(self) -> bool:
        """Whether it begins a compressed message."""
        return bool(self.first & 0x40)

    @property
    def is_control(self) -> bool:
        """Whether it is a close, a ping or a pong."""
        return bool(self.first & 0x08)


def head_of(data: bytes) -> Head | None:
    """The head that data begins with; None while too little of it has come."""
    if len(data) < 2:
        return None
    first, short = data[0], data[1] & 0x7F
    start = {126: 4, 127: 10}.get(short, 2)
    if len(data) < start:
        return None
    length = int.from_bytes(data[2:start], "big") if start > 2 else short
    return Head(first, is_masked=bool(data[1] & 0x80), length=length, size=start + 4)
