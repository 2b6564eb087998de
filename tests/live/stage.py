"""A running server and the people on its pages, each with a real browser session and real sockets."""

import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import requests
import socketio
from flask import Flask

from sigforum.people.links import make_link
from sigforum.people.models import Person
from tests.casting import Cast
from tests.serving import Site

SOON_SECONDS = 5.0


def until(is_so: Callable[[], Any], *, seconds: float = SOON_SECONDS, what: str = "it") -> Any:
    """Wait for something that happens soon, and give it."""
    deadline = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.02)
    return found


@dataclass
class Socket:
    """A Socket.IO client of a stranger's making: it knows the protocol and nothing of our code."""

    url: str
    cookie: str
    client: socketio.Client = field(default_factory=lambda: socketio.Client(reconnection=False))
    changes: list[dict[str, Any]] = field(default_factory=list)

    def connect(self) -> "Socket":
        """Open the connection."""
        self.client.on("change", self.changes.append)
        self.client.connect(self.url, headers={"Cookie": self.cookie}, transports=["websocket"], wait_timeout=5)
        return self

    def call(self, event: str, payload: Any) -> Any:
        """Send an event and give its acknowledgement."""
        return self.client.call(event, payload, timeout=10)

    @property
    def is_open(self) -> bool:
        """Whether the server still holds the connection."""
        return bool(self.client.connected)

    def fragments(self) -> list[dict[str, Any]]:
        """All fragments that came so far."""
        return [fragment for change in list(self.changes) for fragment in change["fragments"]]

    def text(self) -> str:
        """All that came so far."""
        return str(list(self.changes))

    def close(self) -> None:
        """Hang up."""
        self.client.disconnect()


@dataclass
class Page:
    """A forum session's page as it was delivered."""

    html: str

    @property
    def after(self) -> int:
        """The number of the last event it contains."""
        return int(re.findall(r'data-after="(\d+)"', self.html)[0])

    @property
    def forum(self) -> int:
        """The id of its forum session."""
        return int(re.findall(r'data-forum="(\d+)"', self.html)[0])


@dataclass
class Visitor:
    """A person with a browser."""

    name: str
    url: str
    slug: str
    http: requests.Session = field(default_factory=requests.Session)
    sockets: list[Socket] = field(default_factory=list)
    token: str = ""

    @property
    def cookie(self) -> str:
        """What the browser sends along."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies)

    def get(self, path: str) -> requests.Response:
        """Open an address, inside the meeting unless it begins with a slash."""
        return self.http.get(self._address(path), timeout=10)

    def post(self, path: str, **form: Any) -> requests.Response:
        """Send a form as a script does, with the token of a page."""
        if not self.token:
            self.token = csrf_token(self.get("/account").text)
        return self.http.post(self._address(path), data=form | {"csrf_token": self.token}, timeout=10,
                              headers={"Accept": "application/json"})

    def page(self, code: str = "1A") -> Page:
        """A forum session's page."""
        answer = self.get(f"sessions/{code}")
        assert answer.status_code == 200
        return Page(answer.text)

    def socket(self) -> Socket:
        """A new connection."""
        self.sockets.append(Socket(self.url, self.cookie).connect())
        return self.sockets[-1]

    def listen(self, code: str = "1A") -> Socket:
        """Open a page and hear of its changes."""
        page, socket = self.page(code), self.socket()
        answer = socket.call("join", {"meeting": self.slug, "forum": page.forum, "after": page.after})
        assert answer["ok"], answer
        return socket

    def say(self, text: str, *, code: str = "1A", question: int, parent: int | None = None) -> int:
        """Post a response, and give its id."""
        answer = self.post(f"sessions/{code}/responses", question_id=question, parent_id=parent or "",
                           key=uuid.uuid4().hex, shown="named", text=text)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["fragments"][0]["id"].removeprefix("response-"))

    def _address(self, path: str) -> str:
        return self.url + (path if path.startswith("/") else f"/meetings/{self.slug}/{path}")


def csrf_token(html: str) -> str:
    """The token in a page's forms."""
    return re.findall(r'name="csrf_token" value="([^"]+)"', html)[0]


@dataclass
class Stage:
    """The server, its database seen from here, and everybody signed in."""

    site: Site
    app: Flask
    cast: Cast
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, name: str) -> Visitor:
        """A person's browser, signed in once."""
        if name not in self.visitors:
            self.visitors[name] = self.fresh(name)
        return self.visitors[name]

    def fresh(self, name: str) -> Visitor:
        """Another browser of a person, signed in by link and button; nobody signs in nobody."""
        visitor = Visitor(name, self.site.url, self.cast.slug)
        if name != "nobody":
            person: Person = self.cast.person(name)
            link = make_link(person, lifetime=timedelta(hours=1))
            form: Mapping[str, str] = {"csrf_token": csrf_token(visitor.http.get(link, timeout=10).text)}
            assert visitor.http.post(link, data=form, timeout=10, allow_redirects=False).status_code == 302
        return visitor

    def question(self, code: str = "1A", number: int = 0) -> int:
        """The id of a question of a forum session, the central one first."""
        return self.cast.forum_session(code).asked[number].id

    def hang_up(self) -> None:
        """Close every socket that a test has left open."""
        for visitor in self.visitors.values():
            for socket in visitor.sockets:
                socket.close()
            visitor.sockets.clear()
