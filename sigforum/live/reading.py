"""What a client sends, read frame by frame: each frame counts against the pace of its sender, whatever kind it is.

A browser sends whole texts, and large ones in a few parts. A program can send pings without a pause, or a message
that never ends; the library would read those in one go while everybody else waits, and keep all of it.
"""

import time
import zlib
from collections.abc import Callable
from typing import Any

from sigforum.live.frames import DEFLATE, TAIL, Head, head_of, unmasked

READ_BYTES = 65_536
# After so many reads and frames others run, even where more has come already.
STEPS_IN_A_ROW = 16
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
LONGEST_CONTROL = 125
GOODBYE, WRONG, NOT_TEXT, TOO_LONG = 1000, 1002, 1007, 1009
# Codes that may stand in a frame (RFC 6455, 7.4); the others only say what became of a connection.
CLOSE_CODES = {*range(1000, 1004), *range(1007, 1012), *range(3000, 5000)}

# Called with the bytes and the number of frames that came (0 for what a compressed message unfolds to). It may pause,
# and says whether the connection goes on.
Heard = Callable[[int, int], bool]


class Ended(Exception):
    """The connection ends, with this code."""

    def __init__(self, code: int, why: str = "") -> None:
        super().__init__(why)
        self.code, self.why = code, why


class QuietSocket:
    """A websocket's socket without a timer for every wait: whoever is silent for too long is found by the server's
    pings."""

    def __init__(self, sock: Any) -> None:
        self.sock = sock

    def settimeout(self, _seconds: float | None) -> None:
        """No timer."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)


class FrameReader:
    """Reads the messages of one connection. A message is at most `max_frame_length` long, in all its parts and
    unfolded; `heard` may pause whoever sends faster than they may."""

    def __init__(self, ws: Any, heard: Heard) -> None:
        self.ws, self.heard, self.longest = ws, heard, ws.max_frame_length
        self.is_deflating = ws.extensions == DEFLATE
        ws.socket = QuietSocket(ws.socket)
        self.ahead = b""
        self.steps = 0
        # The message whose end has not come: its first frame, and what there is of it.
        self.begun: Head | None = None
        self.parts = bytearray()

    def wait(self) -> str | bytes | None:
        """The next message; None where the connection has ended."""
        try:
            while frame := self._frame():
                head, data = frame
                if not self.heard(head.size + head.length, 1):
                    return None
                if head.is_control:
                    self._control(head, data)
                elif (message := self._message(head, data)) is not None:
                    return message
        except Ended as end:
            self.ws.close(close_data=(end.code, end.why[:100]))
        return None

    def _frame(self) -> tuple[Head, bytes] | None:
        """The next frame; None where no more comes."""
        while True:
            head = head_of(self.ahead)
            if head is not None:
                self._judge(head)
                end = head.size + head.length
                if len(self.ahead) >= end:
                    data = unmasked(self.ahead[head.size:end], self.ahead[head.size - 4:head.size])
                    self.ahead = self.ahead[end:]
                    self._step()
                    return head, data
            more = self.ws.socket.recv(READ_BYTES)
            if not more:
                return None
            self.ahead += more
            self._step()

    def _step(self) -> None:
        """Nothing waits here while bytes are there, so others have to be let in."""
        self.steps += 1
        if self.steps >= STEPS_IN_A_ROW:
            self.steps = 0
            time.sleep(0)

    def _judge(self, head: Head) -> None:
        """End the connection before more is read of what is not taken."""
        if not head.is_masked or head.opcode not in {CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG}:
            raise Ended(WRONG, "No frame of a client begins like this.")
        begins = head.opcode in {TEXT, BINARY}
        if head.first & 0x30 or (head.is_deflated and not (begins and self.is_deflating)):
            raise Ended(WRONG, "The frame makes use of an extension that was not agreed on.")
        if head.is_control and (head.length > LONGEST_CONTROL or not head.is_last):
            raise Ended(WRONG, "A control frame is short and whole.")
        if not head.is_control and begins != (self.begun is None):
            raise Ended(WRONG, "A message begins once, and ends before the next one.")
        if len(self.parts) + head.length > self.longest:
            raise Ended(TOO_LONG, f"A message is at most {self.longest} bytes long.")

    def _control(self, head: Head, data: bytes) -> None:
        if head.opcode == PING:
            self.ws.send(data, control_code=PONG)
        elif head.opcode == CLOSE:
            code = int.from_bytes(data[:2], "big") if data else GOODBYE
            raise Ended(code if code in CLOSE_CODES else WRONG)

    def _message(self, head: Head, data: bytes) -> str | bytes | None:
        """The message that ends with this frame, if one does."""
        first = self.begun or head
        if not head.is_last:
            self.begun = first
            self.parts += data
            return None
        whole = bytes(self.parts) + data if self.begun else data
        self.begun, self.parts = None, bytearray()
        if first.is_deflated:
            whole = self._unfolded(whole)
            self.heard(len(whole), 0)
        try:
            return whole.decode() if first.opcode == TEXT else whole
        except ValueError as problem:
            raise Ended(NOT_TEXT, str(problem)) from problem

    def _unfolded(self, data: bytes) -> bytes:
        """Never more than a message may hold: a few bytes could unfold to gigabytes."""
        unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        try:
            whole = unpacker.decompress(data + TAIL, self.longest)
        except zlib.error as problem:
            raise Ended(NOT_TEXT, "The compressed text is damaged.") from problem
        if unpacker.unconsumed_tail:
            raise Ended(TOO_LONG, f"A message is at most {self.longest} bytes long.")
        return whole
