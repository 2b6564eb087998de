"""Bytes that never end: a stranger's bodies and a participant's frames are bounded; others are answered meanwhile."""

import contextlib
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.casting import Cast
from tests.live.stage import Stage
from tests.live.test_strangers import HANDSHAKE, knock, polling, status
from tests.serving import Site

HEAD = "{method} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
MASK = b"\1\2\3\4"
PING, PONG, CLOSE = 0x89, 0x8A, 0x88
# More than all buffers between the two programs hold, and than the server reads of what nobody wants.
MORE_THAN_IS_TAKEN = 80_000_000


@pytest.fixture(scope="module")
def running(staged: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The web process with the limits that an operator gets."""
    site = Site(tmp_path_factory.mktemp("endless"))
    site.pace = 1
    shutil.copy(staged[0], site.folder / "sigforum.db")
    try:
        site.start_web()
        with site.application() as app:
            yield Stage(site, app, staged[1])
    finally:
        site.stop()


def answers(stage: Stage, sent: bytes) -> list[int]:
    """The statuses with which everything on a connection is answered, until the server ends it."""
    with socket.create_connection(("127.0.0.1", stage.site.port), timeout=10) as raw:
        raw.sendall(sent)
        heard = b""
        with contextlib.suppress(ConnectionResetError):
            while more := raw.recv(65_536):
                heard += more
    return [int(part[2:5]) for part in heard.split(b"HTTP/1.")[1:]]


@pytest.mark.parametrize("method", ["POST /sign-in", "GET /nothing", "GET /health", "POST /socket.io/?EIO=4"])
@pytest.mark.parametrize("coding", ["chunked", "Chunked", "gzip, chunked", "identity"])
def test_body_of_unknown_length_is_not_taken(stage: Stage, method: str, coding: str) -> None:
    head = HEAD.format(method=method) + f"Connection: close\r\nTransfer-Encoding: {coding}\r\n\r\n"
    assert answers(stage, head.encode() + b"1\r\na\r\n0\r\n\r\n") == [411]


@pytest.mark.parametrize(("head", "piece"), [
    ("POST /sign-in|Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"a" * 65_536 + b"\r\n"),
    ("GET /health|Transfer-Encoding: chunked\r\n\r\n1;", b"a" * 65_536),
    ("GET /nothing|Content-Length: 99999999999\r\n\r\n", b"a" * 65_536)], ids=["chunks", "line of a chunk", "length"])
def test_stranger_s_bytes_without_end_are_not_read(stage: Stage, head: str, piece: bytes) -> None:
    method, more = head.split("|")
    sent, is_cut_off = 0, False
    with socket.create_connection(("127.0.0.1", stage.site.port), timeout=20) as raw:
        try:
            raw.sendall(HEAD.format(method=method).encode() + more.encode())
            while sent < MORE_THAN_IS_TAKEN:
                raw.sendall(piece)
                sent += len(piece)
        except (BrokenPipeError, ConnectionResetError):
            is_cut_off = True
    assert is_cut_off, f"{sent:,} bytes were taken"


@pytest.mark.parametrize("line", [
    "Content-Length: 0\r\nContent-Length: 0", "Content-Length: +0", "Content-Length : 0", "no header",
    "X: a\rContent-Length: 0", "X: a\r\n Content-Length: 0", "X Y: a"])
def test_request_whose_end_is_not_plain_is_the_last_one(stage: Stage, line: str) -> None:
    second = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert answers(stage, f"GET /health HTTP/1.1\r\nHost: x\r\n{line}\r\n\r\n".encode() + second) == [400]


def test_requests_in_a_row_and_said_lengths_are_answered(stage: Stage) -> None:
    first = HEAD.format(method="GET /health") + "Content-Length: 1\r\n\r\na"
    assert answers(stage, (first + "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n").encode()) == [200, 200]


def frame(first: int, data: bytes) -> bytes:
    """A client's frame."""
    length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xff" + len(data).to_bytes(8, "big")
    return bytes([first]) + length + MASK + bytes(byte ^ MASK[place % 4] for place, byte in enumerate(data))


def connected(stage: Stage, name: str) -> socket.socket:
    """A person's websocket, with the words of the protocol read."""
    raw = knock(stage, cookie=stage.visitor(name).cookie)
    assert status(raw) == 101
    raw.sendall(frame(0x81, b"40"))
    heard = b""
    while b'40{"sid"' not in heard:
        heard += raw.recv(4096)
    return raw


def heard_so_far(raw: socket.socket) -> bytes:
    """What has come without waiting for more."""
    heard = b""
    with contextlib.suppress(BlockingIOError, ConnectionResetError):
        raw.setblocking(False)
        while more := raw.recv(1 << 20):
            heard += more
    return heard


@pytest.mark.parametrize(("name", "flood"), [
    ("ben", frame(PONG, b"") * 30_000), ("cyn", frame(PING, b"") * 30_000),
    ("ada", frame(0x01, b"4") + frame(0x00, b"") * 30_000)], ids=["pongs", "pings", "fragments"])
def test_others_are_answered_before_a_flood_of_frames_is_read(stage: Stage, name: str, flood: bytes) -> None:
    with connected(stage, name) as raw:
        raw.sendall(flood + frame(PING, b"the last one"))
        for _ in range(3):
            assert requests.get(f"{stage.site.url}/health", timeout=30).status_code == 200
        assert b"the last one" not in heard_so_far(raw), "the flood was read first"


def test_message_in_parts_is_bounded_as_a_whole(stage: Stage) -> None:
    with connected(stage, "finn") as raw:
        with contextlib.suppress(OSError):
            raw.sendall(frame(0x01, b"4" * 150_000) + frame(0x00, b"4" * 60_000) + frame(PING, b"still read"))
        heard = b""
        while b"still read" not in heard and bytes([CLOSE]) not in heard and (more := raw.recv(4096)):
            heard += more
        assert bytes([CLOSE]) in heard, heard
        assert heard.partition(bytes([CLOSE]))[2][1:3] == (1009).to_bytes(2, "big")


def test_message_in_parts_with_a_ping_between_is_taken(stage: Stage) -> None:
    event = b'427["join",{"meeting":"cells-that-stay","forum":null,"after":0}]'
    with connected(stage, "gus") as raw:
        raw.sendall(frame(0x01, event[:9]) + frame(PING, b"between") + frame(0x00, event[9:20]) + frame(
            0x80, event[20:]))
        heard = b""
        while b"437[" not in heard:
            heard += raw.recv(4096)
        assert b"\x8a\x07between" in heard


def test_websocket_without_lengths_of_frames_is_not_opened(stage: Stage) -> None:
    host = f"127.0.0.1:{stage.site.port}"
    head = HANDSHAKE.format(host=host, more="", cookie=f"Cookie: {stage.visitor('olu').cookie}\r\n")
    for version in ("", "Sec-WebSocket-Version: 76\r\n"):
        with socket.create_connection(("127.0.0.1", stage.site.port), timeout=5) as raw:
            raw.sendall(head.replace("Sec-WebSocket-Version: 13\r\n", f"{version}Origin: http://{host}\r\n").encode())
            assert status(raw) == 426


def test_connection_goes_on_by_one_websocket_at_a_time(stage: Stage) -> None:
    url, headers = polling(stage)
    more = "&sid=" + url.partition("sid=")[2]
    with knock(stage, cookie=headers["Cookie"], more=more) as first, (
            knock(stage, cookie=headers["Cookie"], more=more)) as second:
        assert (status(first), status(second)) == (101, 400)
