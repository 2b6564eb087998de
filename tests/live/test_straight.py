"""Straight writing: every frame whole and in order, whoever else writes and however slowly somebody reads."""

import queue
import socket
import threading
import time
import zlib
from collections import deque
from types import SimpleNamespace
from typing import Any

import pytest
from engineio.exceptions import QueueEmpty
from engineio.packet import MESSAGE, Packet

from sigforum.live.frames import (
    DEFLATE,
    DEFLATE_OFFER,
    DEFLATED_TEXT,
    TEXT,
    offer_without_memory,
    text_frame,
)
from sigforum.live.straight import MOST_WAITING, StraightSocket, write_straight
from tests.live.stage import Stage, until


def frames_in(data: bytes) -> list[str]:
    """The texts of whole frames, read by the rules of the RFC and none of our code; a broken one fails."""
    found = []
    while data:
        first, length, start = data[0], data[1], 2
        if length == 126:
            length, start = int.from_bytes(data[2:4], "big"), 4
        elif length == 127:
            length, start = int.from_bytes(data[2:10], "big"), 10
        assert first in (TEXT, DEFLATED_TEXT), f"a frame begins with {first:#x}"
        assert len(data) >= start + length, "the last frame is not whole"
        body = data[start:start + length]
        if first == DEFLATED_TEXT:
            body = zlib.decompressobj(wbits=-15).decompress(body + b"\x00\x00\xff\xff")
        found.append(body.decode())
        data = data[start + length:]
    return found


class GreenLike:
    """A socket as the event loop's library gives it: `fd` never waits, `sendall` does."""

    def __init__(self, sock: socket.socket) -> None:
        self.fd = sock
        self.fd.setblocking(False)

    def sendall(self, data: bytes) -> None:
        """Write all, waiting for the reader."""
        while data:
            try:
                data = data[self.fd.send(data):]
            except BlockingIOError:
                time.sleep(0.001)

    def shutdown(self, how: int) -> None:
        """Cut the connection."""
        self.fd.shutdown(how)


class Lock:
    """A lock that can be asked whether somebody waits for it."""

    def __init__(self) -> None:
        self.inner = threading.Lock()
        self._waiters: deque[Any] = deque()

    def locked(self) -> bool:
        """Whether somebody holds it."""
        return self.inner.locked()

    def acquire(self) -> None:
        """Take it."""
        self.inner.acquire()

    def release(self) -> None:
        """Give it back."""
        self.inner.release()


class Engine:
    """As much of the Engine.IO server as one of its sockets needs."""

    ping_interval, ping_timeout = 0.02, 20.0
    logger = SimpleNamespace(info=lambda *_: None)

    def __init__(self) -> None:
        self.tasks: list[threading.Thread] = []

    def create_queue(self) -> Any:
        """The library's queue."""
        return SimpleNamespace(items=[], empty=lambda: True, put=lambda item: None)

    def get_queue_empty_exception(self) -> type[Exception]:
        """What the queue raises."""
        return queue.Empty

    def start_background_task(self, work: Any, *arguments: Any) -> None:
        """Run beside."""
        self.tasks.append(threading.Thread(target=work, args=arguments, daemon=True))
        self.tasks[-1].start()


class Line:
    """A connection under test, and the other end of its wire."""

    def __init__(self, *, extensions: dict[str, Any] | None = None) -> None:
        ours, self.reader = socket.socketpair()
        for end in (ours, self.reader):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.engine = Engine()
        self.queued: list[Any] = []
        self.socket = StraightSocket(self.engine, "sid")
        self.socket.queue = SimpleNamespace(empty=lambda: not self.queued, put=self.queued.append)
        self.ws = SimpleNamespace(socket=GreenLike(ours), _sendlock=Lock(), extensions=extensions or {})
        self.socket.ws, self.socket.fd, self.socket.upgraded = self.ws, ours, True

    def read_slowly(self, *, until_bytes: int) -> bytes:
        """Read a little at a time."""
        data = b""
        self.reader.settimeout(10)
        while len(data) < until_bytes:
            data += self.reader.recv(1500)
            time.sleep(0.0005)
        return data


def test_frame_of_a_broadcast_is_made_once() -> None:
    packet, lines = Packet(MESSAGE, "2[\"change\",{}]"), [Line(), Line()]
    for line in lines:
        line.socket.send(packet)
    kept = packet.frame
    assert kept == text_frame("42[\"change\",{}]")
    assert [line.reader.recv(100) for line in lines] == [kept, kept]
    assert packet.frame is kept


def test_two_writers_and_a_slow_reader_get_every_frame_whole() -> None:
    line = Line()
    texts = [f"{number:03}" + chr(97 + number % 26) * (number * 331 % 9000) for number in range(90)]
    # A control frame of the library, or its own writer, takes the lock and writes beside the straight way.
    beside = [f"beside-{number}" + "z" * 3000 for number in range(10)]

    def write_beside() -> None:
        for text in beside:
            line.ws._sendlock.acquire()
            line.ws.socket.sendall(text_frame(text))
            line.ws._sendlock.release()
            time.sleep(0.003)
    read: list[bytes] = []
    expected = sum(len(text_frame("4" + text)) for text in texts) + sum(len(text_frame(text)) for text in beside)
    reader = threading.Thread(target=lambda: read.append(line.read_slowly(until_bytes=expected)))
    other = threading.Thread(target=write_beside)
    reader.start()
    line.socket.send(Packet(MESSAGE, texts[0]))
    other.start()
    for text in texts[1:]:
        # What the library's queue was given while another one wrote is written by its own writer, in its turn.
        line.socket.send(Packet(MESSAGE, text))
        while line.queued:
            line.ws._sendlock.acquire()
            while line.queued:
                line.ws.socket.sendall(text_frame(line.queued.pop(0).encode()))
            line.ws._sendlock.release()
    other.join(20)
    reader.join(20)
    assert read, "not everything arrived"
    found = frames_in(read[0])
    assert sorted(found) == sorted(["4" + text for text in texts] + beside)
    assert [text for text in found if text.startswith("4")] == ["4" + text for text in texts]
    assert [text for text in found if text.startswith("beside")] == beside


def test_reader_who_does_not_read_is_cut_off() -> None:
    line = Line()
    for number in range(MOST_WAITING + 50):
        line.socket.send(Packet(MESSAGE, f"{number:04}" + "x" * 4000))
    assert line.socket.ws is None
    for task in line.engine.tasks:
        task.join(10)
    assert line.socket.behind is None
    assert not line.ws._sendlock.locked()
    data = b""
    while more := line.reader.recv(65_536):
        data += more
    assert len(data) < 4005 * MOST_WAITING


def test_writer_of_a_quiet_queue_waits_on_while_all_goes_straight() -> None:
    line, polled = Line(), []
    line.socket.queue, line.engine.ping_timeout = queue.Queue(), 0.02
    writer = threading.Thread(target=lambda: polled.append(line.socket.poll()), daemon=True)
    writer.start()
    time.sleep(0.3)
    assert writer.is_alive()
    line.socket.queue.put(packet := Packet(MESSAGE, "late"))
    writer.join(5)
    assert polled == [[packet]]
    line.socket.ws = None
    with pytest.raises(QueueEmpty):
        line.socket.poll()


@pytest.mark.parametrize("change", ["queue", "lock", "waiter", "polling", "binary"])
def test_everything_else_takes_the_library_s_way(change: str) -> None:
    line, packet = Line(), Packet(MESSAGE, "2[]")
    line.queued += ["something"] if change == "queue" else []
    if change == "lock":
        line.ws._sendlock.acquire()
    if change == "waiter":
        line.ws._sendlock._waiters.append("somebody woken")
    line.socket.upgraded = change != "polling"
    packet = Packet(MESSAGE, b"bytes") if change == "binary" else packet
    line.socket.send(packet)
    assert line.queued[-1] is packet
    line.reader.setblocking(False)
    with pytest.raises(BlockingIOError):
        line.reader.recv(1)


def test_long_text_is_compressed_for_those_who_took_that() -> None:
    packet = Packet(MESSAGE, "2[" + "word " * 2000 + "]")
    small, plain = Line(extensions=DEFLATE), Line()
    small.socket.send(packet)
    plain.socket.send(packet)
    packed = small.reader.recv(65_536)
    assert packed[0] == DEFLATED_TEXT
    assert len(packed) < 500
    assert frames_in(packed) == ["4" + packet.data] == frames_in(plain.read_slowly(until_bytes=10_000))


@pytest.mark.parametrize(("offered", "taken"), [
    ("permessage-deflate; client_max_window_bits", DEFLATE_OFFER),
    ("permessage-deflate; server_max_window_bits=10", ""),
    ("x-webkit-deflate-frame", ""), ("", "")])
def test_compression_is_taken_only_where_one_frame_serves_all(offered: str, taken: str) -> None:
    assert offer_without_memory(offered) == taken


def test_running_server_writes_straight(stage: Stage) -> None:
    """In the real process, to a client with another library: what is posted arrives, and a large answer is whole."""
    listener = stage.visitor("cyn").listen()
    for number in range(5):
        stage.visitor("ben").say(f"Straight to everybody {number} " + "and on " * 1300, question=stage.question())
    until(lambda: all(f"everybody {number} " in listener.text() for number in range(5)), what="hearing of them")
    numbers = [change["number"] for change in listener.changes if change["number"]]
    assert numbers == sorted(numbers)


def test_server_without_the_event_loop_s_websocket_is_left_alone(app: Any) -> None:
    server = app.extensions["gateway"].server
    assert type(server.eio).__name__ == "StraightServer"
    write_straight(server)
    line = Line()
    line.socket.ws = None
    line.socket.send(Packet(MESSAGE, "2[]"))
    assert len(line.queued) == 1
