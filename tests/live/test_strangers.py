"""What somebody who is not signed in can do to the connections of everybody: nothing."""

import resource
import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import requests

from tests.live.stage import Stage, until

HANDSHAKE = ("GET /socket.io/?EIO=4&transport=websocket{more} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
             "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
             "{cookie}\r\n")


@pytest.fixture(autouse=True)
def _serving(running: Stage) -> None:
    """Each test asks of a server that runs, whatever an earlier one did to it."""
    if not is_up(running):
        running.site.kill_web()
        running.site.start_web()


def knock(stage: Stage, *, cookie: str = "", more: str = "") -> socket.socket:
    """A websocket's first words, from a program that keeps the connection whatever comes."""
    host = urlsplit(stage.site.url).netloc
    raw = socket.create_connection(("127.0.0.1", stage.site.port), timeout=5)
    raw.sendall(HANDSHAKE.format(host=host, more=more, cookie=f"Cookie: {cookie}\r\n" if cookie else "").encode())
    return raw


def status(raw: socket.socket) -> int:
    """The status that was answered."""
    return int(raw.recv(4096).split(b" ")[1])


def is_up(stage: Stage) -> bool:
    """Whether a stranger's plain request is answered."""
    try:
        return requests.get(f"{stage.site.url}/health", timeout=5).status_code == 200
    except requests.RequestException:
        return False


def test_stranger_gets_no_connection(stage: Stage) -> None:
    for more in ("", "&xsid=1", "&sid=", "&t=%73id%3D"):
        with knock(stage, more=more) as raw:
            assert status(raw) in (400, 401), more
    polled = requests.get(f"{stage.site.url}/socket.io/", params={"EIO": 4, "transport": "polling"}, timeout=5)
    assert polled.status_code == 401
    with knock(stage, cookie="sigforum=made-up") as raw:
        assert status(raw) == 401
    with knock(stage, cookie=stage.visitor("ben").cookie) as raw:
        assert status(raw) == 101


def test_server_outlives_more_strangers_than_it_may_open_files(stage: Stage) -> None:
    assert stage.site.web is not None
    pid = stage.site.web.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (300, before[1]))
    socket_of_ben = stage.visitor("ben").listen()
    try:
        with ExitStack() as held:
            for number in range(320):
                raw = held.enter_context(socket.create_connection(("127.0.0.1", stage.site.port), timeout=5))
                # Every third says nothing, every third never ends what it says, every third wants a connection.
                if number % 3:
                    raw.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " if number % 3 == 1 else HANDSHAKE.format(
                        host="127.0.0.1", more="", cookie="").encode())
            assert is_up(stage)
            stage.visitor("cyn").say("in the middle of it", question=stage.question())
            until(lambda: "in the middle of it" in socket_of_ben.text())
        assert stage.site.web.poll() is None, stage.site.log_tail("web")
        assert is_up(stage)
    finally:
        if stage.site.web.poll() is None:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def test_server_takes_as_many_files_as_the_system_gives(stage: Stage) -> None:
    assert stage.site.web is not None
    soft, hard = resource.prlimit(stage.site.web.pid, resource.RLIMIT_NOFILE)
    assert soft in (hard, 65_536)


def test_one_person_opens_no_endless_connections(stage: Stage) -> None:
    cookie = stage.visitor("cyn").cookie
    with ExitStack() as held:
        got = [status(held.enter_context(knock(stage, cookie=cookie))) for _ in range(60)]
        assert set(got) == {101, 429}
        # Four pages, each of which has lost its connection nine times within forty seconds.
        assert got.index(429) >= 36
        with knock(stage, cookie=stage.visitor("ben").cookie) as other:
            assert status(other) == 101, "nobody pays for somebody else"
    until(lambda: is_let_in(stage, cookie), what="the places are free again")


def is_let_in(stage: Stage, cookie: str) -> bool:
    """Whether a handshake with this cookie is taken now."""
    with knock(stage, cookie=cookie) as raw:
        return status(raw) == 101


def test_forwarded_host_of_nobodys_proxy_is_not_believed(stage: Stage) -> None:
    answer = requests.get(
        f"{stage.site.url}/socket.io/", params={"EIO": 4, "transport": "polling"}, timeout=5,
        headers={"Cookie": stage.visitor("ben").cookie, "Origin": "http://evil.example",
                 "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"})
    assert answer.status_code == 400


def polling(stage: Stage) -> tuple[str, dict[str, str]]:
    """The address of a connection that polls, with its Socket.IO handshake done, and its headers."""
    url, headers = f"{stage.site.url}/socket.io/?EIO=4&transport=polling", {"Cookie": stage.visitor("ben").cookie}
    opened = requests.get(url, headers=headers, timeout=5)
    url += "&sid=" + opened.text.partition('"sid":"')[2].partition('"')[0]
    assert requests.post(url, headers=headers, data="40", timeout=5).status_code == 200
    assert requests.get(url, headers=headers, timeout=5).text.startswith("40")
    return url, headers


def test_seventeen_packets_in_one_request_are_all_taken(stage: Stage) -> None:
    url, headers = polling(stage)
    event = '42{}["join",{{"meeting":"cells-that-stay","forum":null,"after":0}}]'
    body = "\x1e".join(event.format(number) for number in range(17))
    answer = requests.post(url, headers=headers, data=body, timeout=5)
    assert answer.status_code == 200
    told, deadline = "", time.monotonic() + 5
    while not all(f"43{number}[" in told for number in range(17)) and time.monotonic() < deadline:
        try:
            told += requests.get(url, headers=headers, timeout=2).text
        except requests.Timeout:
            continue
    assert [number for number in range(17) if f"43{number}[" not in told] == []


def test_request_that_cannot_be_taken_whole_is_an_error(stage: Stage) -> None:
    for body in (b"\x1e".join([b"3"] * 5_000), b"\xff\xfe", b"x"):
        url, headers = polling(stage)
        assert requests.post(url, headers=headers, data=body, timeout=5).status_code == 400, body[:20]


def test_brackets_without_end_end_nothing_but_their_own_connection(stage: Stage) -> None:
    def errors() -> int:
        return stage.site.log_tail("web", lines=10_000).count("Traceback")
    before, socket_of_cyn, other = errors(), stage.visitor("cyn").socket(), stage.visitor("ben").socket()
    socket_of_cyn.client.eio.send("42" + "[" * 150_000)
    assert other.call("join", {"meeting": "cells-that-stay", "forum": None, "after": 0})["ok"]
    deep: dict[str, object] = {}
    for _ in range(400):
        deep = {"answer": deep}
    answer = other.call("cast", {**deep, "meeting": "cells-that-stay", "poll": 1, "round": 1, "key": "a-good-key"})
    assert errors() == before, "it is a server error"
    assert (answer["ok"], answer["status"]) == (False, 400)


def is_over(raw: socket.socket) -> bool:
    """Whether the server has ended the connection."""
    try:
        return raw.recv(1, socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_who_never_ends_what_they_say_is_cut_off(stage: Stage) -> None:
    with ExitStack() as held:
        raws = [held.enter_context(socket.create_connection(("127.0.0.1", stage.site.port))) for _ in range(3)]
        raws[1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        raws[2].sendall(b"GET / HTT")
        for _ in range(30):
            time.sleep(1)
            if is_over(raws[1]):
                break
            # One more sign each second never lets a wait for the next sign end.
            raws[1].sendall(b"X")
        until(lambda: all(map(is_over, raws)), what="all three are cut off")
