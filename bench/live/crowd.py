"""Many people's pages at once, in one loop over one epoll."""

import heapq
import itertools
import json
import select
import time
from collections.abc import Callable, Iterable
from typing import Any

from bench.live.wire import Line


class Page(Line):
    """One person's open page: it has joined a room and remembers what it was shown."""

    __slots__ = ("after", "crowd", "forum", "fragments", "on_joined", "received", "seen", "slug",
                 "watched")

    def __init__(self, crowd: "Crowd", *, cookie: str, slug: str = "", forum: int = 0, after: int = 0,
                 watched: str = "") -> None:
        super().__init__(port=crowd.port, cookie=cookie)
        self.crowd, self.slug, self.forum = crowd, slug, forum
        self.after, self.received = after, 0
        # The newest version of the tally that is watched, and every fragment as it was shown last.
        self.watched, self.seen = watched, 0
        self.fragments: dict[str, str] = {}
        self.on_joined: Callable[[dict[str, Any]], None] = lambda _answer: None
        self.on_change = self._changed
        self.on_open = self._join if slug else lambda: None

    def vote(self, poll_id: int, answer: Any, *, key: str, ack: Callable[[dict[str, Any]], None]) -> None:
        """Cast a vote in the first round of a poll."""
        self.call("cast", {"meeting": self.slug, "poll": poll_id, "round": 1, "key": key, "answer": answer}, ack)

    def _join(self) -> None:
        self.call("join", {"meeting": self.slug, "forum": self.forum, "after": self.after}, self._joined)

    def _joined(self, answer: dict[str, Any]) -> None:
        if not answer.get("ok") or answer.get("reload"):
            raise ConnectionError(f"a page could not join: {answer}")
        self._apply(answer["number"], answer["fragments"])
        self.on_joined(answer)

    def _changed(self, payload: bytes) -> None:
        change = self.crowd.parsed(payload)
        self.received += 1
        self._apply(change["number"], change["fragments"])
        self.crowd.heard(self)

    def _apply(self, number: int, fragments: list[dict[str, Any]]) -> None:
        self.after = max(self.after, number)
        for fragment in fragments:
            self.fragments[fragment["id"]] = fragment["html"]
            if fragment["id"] == self.watched:
                self.seen = max(self.seen, fragment["version"])


class Crowd:
    """The loop: pages, timers, and what is to happen when a page hears something."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.epoll = select.epoll()
        self.lines: dict[int, Line] = {}
        self.timers: list[tuple[float, int, Callable[[], None]]] = []
        self.order = itertools.count()
        self.heard: Callable[[Page], None] = lambda _page: None
        self.lost = 0
        self._payload, self._change = b"", {}
        self._late: list[float] = []

    def dial(self, line: Line) -> None:
        """Connect one page and watch it."""
        line.on_close = self._lost
        number = line.dial()
        self.lines[number] = line
        self.epoll.register(number, select.EPOLLIN)

    def cut(self, line: Line) -> None:
        """Cut one page off."""
        if line.sock is not None:
            number = line.sock.fileno()
            self.epoll.unregister(number)
            del self.lines[number]
            line.hang_up()

    def gather(self, pages: Iterable[Page], *, at_once: int = 50, seconds: float = 120) -> None:
        """Connect and join many pages, `at_once` at a time, and wait until all sit."""
        waiting, sitting = list(pages), [0]
        wanted = len(waiting)

        def joined(_answer: object = None) -> None:
            sitting[0] += 1
            if waiting:
                self.dial(waiting.pop())
        for page in waiting:
            if page.slug:
                page.on_joined = joined
            else:
                page.on_open = joined
        for _ in range(min(at_once, wanted)):
            self.dial(waiting.pop())
        self.run(seconds, until=lambda: sitting[0] == wanted)
        if sitting[0] != wanted:
            raise TimeoutError(f"{sitting[0]} of {wanted} pages could join")

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Do something after a while."""
        heapq.heappush(self.timers, (time.perf_counter() + seconds, next(self.order), work))

    def run(self, seconds: float, *, until: Callable[[], bool] = lambda: False) -> float:
        """Let everything happen for some seconds, or until something is so; gives the seconds it took."""
        start = time.perf_counter()
        end = start + seconds
        while not until():
            now = time.perf_counter()
            if now >= end:
                break
            while self.timers and self.timers[0][0] <= now:
                self._late.append(now - self.timers[0][0])
                heapq.heappop(self.timers)[2]()
            due = min(end, self.timers[0][0]) if self.timers else end
            for number, _event in self.epoll.poll(max(0.0, due - time.perf_counter()), 256):
                line = self.lines.get(number)
                if line is not None and not line.readable():
                    # The closed socket has left the epoll by itself.
                    self.lines.pop(number, None)
        return time.perf_counter() - start

    def lateness(self) -> list[float]:
        """How many seconds after its time each timer was looked at, since this was asked last: the loop's own delay."""
        found, self._late = self._late, []
        return found

    def parsed(self, payload: bytes) -> dict[str, Any]:
        """A change as an object; the same one for all who got the same bytes."""
        if payload != self._payload:
            self._payload, self._change = payload, json.loads(payload[2:])[1]
        return self._change

    def close(self) -> None:
        """Everybody goes."""
        for line in list(self.lines.values()):
            self.cut(line)
        self.epoll.close()
        self.timers.clear()

    def _lost(self) -> None:
        self.lost += 1


def share(values: list[float], part: float) -> float:
    """The value below which this part of all values lies."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else float("nan")
