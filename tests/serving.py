"""The real processes under test: web, worker and a mail server, started and ended as an operator would."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from sigforum.app import create_app
from sigforum.extensions import db
from sigforum.settings import Settings

ROOT = Path(__file__).parents[1]
START_SECONDS = 30
STOP_SECONDS = 10
SECRET = "a secret of the journeys"


class Mailbox:
    """A real SMTP server on a free port; it keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self.controller.start()

    async def handle_DATA(self, _server: Any, _dialogue: Any, envelope: Any) -> str:  # noqa: N802
        """aiosmtpd's name for: here is a mail."""
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 kept"

    @property
    def url(self) -> str:
        """The setting that leads here."""
        return f"smtp://127.0.0.1:{self.controller.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails an address got so far, oldest first."""
        return [mail for mail in list(self.messages) if mail["To"] == address]

    def newest_to(self, address: str, *, count: int = 1, seconds: float = 15) -> EmailMessage:
        """The last mail of an address, once it has got `count` of them."""
        deadline = time.monotonic() + seconds
        while len(self.to(address)) < count:
            assert time.monotonic() < deadline, f"no mail number {count} came to {address}"
            time.sleep(0.05)
        return self.to(address)[-1]

    def stop(self) -> None:
        """Close the server."""
        self.controller.stop()


def text_of(mail: EmailMessage) -> str:
    """What a person reads of a mail, without what is attached for their calendar."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def link_in(mail: EmailMessage) -> str:
    """The sign-in address in a mail."""
    found = re.findall(r"https?://\S+/sign-in/\S+", text_of(mail))
    assert len(found) == 1, f"a mail holds one link, and this one {found}"
    return str(found[0])


def free_port() -> int:
    """A port nobody listens at now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """One installation: its folder, its database, its processes."""

    folder: Path
    mailbox: Mailbox = field(default_factory=Mailbox)
    port: int = field(default_factory=free_port)
    # Programs do in a second what people do in an hour; the limits of that are tested on their own.
    pace: int = 1000
    web: "subprocess.Popen[bytes] | None" = None
    worker: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where people reach it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """The environment of every process; nothing of the developer's own settings gets in."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SIGFORUM_")}
        return inherited | {
            "SIGFORUM_SECRET_KEY": SECRET, "SIGFORUM_INSTANCE": str(self.folder),
            "SIGFORUM_BASE_URL": self.url, "SIGFORUM_SMTP_URL": self.mailbox.url,
            "SIGFORUM_HOST": "127.0.0.1", "SIGFORUM_PORT": str(self.port), "SIGFORUM_PACE": str(self.pace),
            "PYTHONUNBUFFERED": "1"}

    def command(self, *arguments: str) -> str:
        """What `sigforum <arguments>` prints. A command that fails, fails the test."""
        done = subprocess.run([sys.executable, "-m", "sigforum", *arguments], cwd=ROOT, env=self.environ,
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"sigforum {' '.join(arguments)} ended with {done.returncode}\n{done.stderr}"
        return done.stdout

    def start_web(self) -> None:
        """Start the web process, and wait until it answers."""
        self.web = self._spawn("web", "wsgi.py")
        deadline = time.monotonic() + START_SECONDS
        while not self._is_healthy():
            if self.web.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the web process does not answer\n{self.log_tail('web')}")
            time.sleep(0.05)

    def start_worker(self) -> None:
        """Start the worker."""
        self.worker = self._spawn("worker", "-m", "sigforum", "work")

    def kill_web(self) -> None:
        """End the web process without a chance to tidy up, as a power cut would."""
        assert self.web is not None
        self.web.kill()
        self.web.wait(timeout=STOP_SECONDS)

    def stop(self) -> None:
        """End everything that was started here."""
        for process in (self.web, self.worker):
            if process is not None and process.poll() is None:
                process.terminate()
        for process in (self.web, self.worker):
            if process is not None:
                try:
                    process.wait(timeout=STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(timeout=STOP_SECONDS)
        self.mailbox.stop()

    @contextmanager
    def application(self) -> Iterator[Flask]:
        """The application on the same database in this process, to set the scene without a browser."""
        app = create_app(Settings(secret_key=SECRET, instance=self.folder, base_url=self.url,
                                  smtp_url=self.mailbox.url, async_mode="threading"))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()

    def rows(self, sql: str, *values: Any) -> Sequence[Any]:
        """What the database file says, read by SQLite alone and none of our code."""
        with closing(sqlite3.connect(f"file:{self.folder / 'sigforum.db'}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, values).fetchall()

    def log_tail(self, name: str, *, lines: int = 40) -> str:
        """The end of a process's log."""
        text = (self.folder / f"{name}.log").read_text(errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def _spawn(self, name: str, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=self.environ, stdout=log, stderr=log)

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
