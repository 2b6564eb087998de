"""Reading frames: whatever comes is counted, whole messages are given, and what may not come ends the connection."""

import zlib
from types import SimpleNamespace
from typing import Any

import pytest

from sigforum.live.frames import DEFLATE, DEFLATED_TEXT, TEXT, deflated_frame, unmasked
from sigforum.live.reading import FrameReader

CLOSE, PING = 0x88, 0x89


class Wire:
    """A websocket of the library, its socket playing back what a client sent in pieces."""

    def __init__(self, pieces: list[bytes], *, extensions: dict[str, Any] | None = None) -> None:
        self.pieces, self.extensions, self.max_frame_length = pieces, extensions or {}, 1000
        self.socket: Any = SimpleNamespace(recv=lambda _most: self.pieces.pop(0) if self.pieces else b"")
        self.closed_with: tuple[int, str] | None = None
        self.sent: list[tuple[bytes, int]] = []
        self.counted: list[tuple[int, int]] = []
        self.goes_on = True

    def heard(self, size: int, count: int) -> bool:
        """Count what came."""
        self.counted.append((size, count))
        return self.goes_on

    def send(self, data: bytes, *, control_code: int) -> None:
        """Send a control frame."""
        self.sent.append((data, control_code))

    def close(self, *, close_data: tuple[int, str]) -> None:
        """Say goodbye."""
        self.closed_with = close_data


def masked(text: bytes, *, first: int = TEXT, mask: bytes = b"\x1f\x2e\x3d\x4c") -> bytes:
    """A client's frame."""
    head = bytes([first, 0x80 | len(text)]) if len(text) < 126 else bytes([first, 0xFE]) + len(text).to_bytes(2, "big")
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(text))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_frames_are_read_from_pieces_of_any_size(size: int) -> None:
    texts = ["", "a", "grüße 🎈", "y" * 125, "z" * 126, "w" * 900]
    stream = b"".join(masked(text.encode()) for text in texts)
    wire = Wire([stream[at:at + size] for at in range(0, len(stream), size)])
    reader = FrameReader(wire, wire.heard)
    assert [reader.wait() for _ in texts] == texts
    assert reader.wait() is None


@pytest.mark.parametrize("size", [1, 5, 400_000])
def test_long_message_comes_in_one_frame_or_in_many(size: int) -> None:
    text = "long " * 200
    stream = masked(text.encode()) + masked(b"a", first=0x01) + masked(b"", first=0x00) + masked(
        b"?", first=PING) + masked(b"b", first=0x80) + masked(b"bytes", first=0x82)
    wire = Wire([stream[at:at + size] for at in range(0, len(stream), size)])
    reader = FrameReader(wire, wire.heard)
    assert [reader.wait() for _ in range(4)] == [text, "ab", b"bytes", None]
    assert wire.sent == [(b"?", 0xA)]
    assert [count for _, count in wire.counted] == [1] * 6


@pytest.mark.parametrize(("frames", "code"), [
    (masked(b"v" * 1001), 1009), (masked(b"v" * 600, first=0x01) + masked(b"v" * 401, first=0x00), 1009),
    (b"\x81\xff" + (2 ** 63).to_bytes(8, "big"), 1009), (b"\x81\x05naked", 1002),
    (masked(b"packed", first=DEFLATED_TEXT), 1002), (masked(b"", first=0x80), 1002), (masked(b"", first=0x83), 1002),
    (masked(b"a", first=0x01) + masked(b"b", first=TEXT), 1002), (masked(b"", first=0x09), 1002),
    (masked(b"p" * 126, first=PING), 1002), (masked(b"", first=0x91), 1002), (masked(b"", first=CLOSE), 1000),
    (masked((3001).to_bytes(2, "big") + b"why", first=CLOSE), 3001), (masked(b"\x03\xed", first=CLOSE), 1002)])
def test_connection_ends_with_what_may_not_come(frames: bytes, code: int) -> None:
    wire = Wire([masked(b"first") + frames + masked(b"never read")])
    reader = FrameReader(wire, wire.heard)
    assert (reader.wait(), reader.wait()) == ("first", None)
    assert wire.closed_with is not None
    assert wire.closed_with[0] == code


def test_nothing_is_read_of_a_connection_that_is_over() -> None:
    wire = Wire([masked(b"", first=PING) + masked(b"text")])
    wire.goes_on = False
    assert FrameReader(wire, wire.heard).wait() is None
    assert wire.sent == []


def test_damaged_text_ends_the_connection() -> None:
    wire = Wire([masked(b"\xff\xfe")])
    assert FrameReader(wire, wire.heard).wait() is None
    assert wire.closed_with is not None
    assert wire.closed_with[0] == 1007


def test_compressed_text_that_unfolds_without_end_is_refused() -> None:
    packer = zlib.compressobj(wbits=-15)
    bomb = (packer.compress(b"\x00" * 500_000) + packer.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\x00\x00\xff\xff")
    good = deflated_frame("long enough " * 60)
    body = good[4:] if good[1] == 126 else good[2:]
    wire = Wire([masked(body, first=DEFLATED_TEXT), masked(bomb, first=DEFLATED_TEXT)], extensions=DEFLATE)
    reader = FrameReader(wire, wire.heard)
    assert reader.wait() == "long enough " * 60
    assert reader.wait() is None
    assert wire.closed_with is not None


def test_mask_comes_off_whatever_the_length() -> None:
    for length in range(12):
        text = bytes(range(200, 200 + length))
        assert unmasked(bytes(byte ^ b"\x01\x80\xff\x33"[place % 4] for place, byte in enumerate(text)),
                        b"\x01\x80\xff\x33") == text
