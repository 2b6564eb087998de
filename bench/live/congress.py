"""A congress: a thousand people on their pages, votes at a steady pace, quiet, and everybody cut off at once."""

import random
import time
from collections import Counter
from secrets import token_hex
from typing import Any

from bench.live.crowd import Crowd, Page
from bench.live.house import House, Room
from bench.live.voting import delay_shares

VOTES_A_SECOND = 100


def steady_votes(house: House, *, seconds: float, people: int, rooms: int) -> dict[str, Any]:
    """People in some forum sessions vote at a steady pace; how long a vote takes to be safe, and to be seen."""
    stored = house.stored_votes()
    with house.open() as server:
        crowd = Crowd(server.port)
        crowd.run(0.5)
        empty = server.resident_bytes
        pages = _seated(crowd, house, people=people, rooms=rooms)
        crowd.gather([page for page, _room in pages])
        full = server.resident_bytes
        idle = _idle_share(crowd, server, seconds=max(1.0, seconds / 3))
        told = _Steady(crowd, pages)
        cpu = server.cpu_seconds
        taken = told.run(seconds)
        report = {
            "people": people, "forum sessions": rooms, "votes": told.sent,
            "vote to acknowledgement": delay_shares(told.safe), "vote to screens": delay_shares(told.shown),
            "messages a second a client": round(sum(page.received for page, _ in pages) / taken / len(pages), 2),
            "most messages in a second": told.most_in_a_second,
            "server's core in use": round((server.cpu_seconds - cpu) / taken, 2),
            "server's core in use when idle": round(idle, 3),
            "kilobytes of server a client": round((full - empty) / 1024 / people, 1),
            "kilobytes a client at the end": round((server.resident_bytes - empty) / 1024 / people, 1),
            "connections lost": crowd.lost}
        crowd.close()
    report["votes lost"] = told.sent - (house.stored_votes() - stored)
    return report


def cut_off(house: House, *, people: int, within: float, posted: int) -> dict[str, Any]:
    """Everybody is cut off, things happen, everybody comes back; how long resuming takes, and what was missed."""
    room = house.rooms[0]
    with house.open() as server:
        crowd = Crowd(server.port)
        pages = [page for page, _room in _seated(crowd, house, people=people, rooms=1)]
        crowd.gather(pages)
        crowd.run(1.0)
        for page in pages:
            crowd.cut(page)
            page.fragments.clear()
        expected = {house.post(room, number=number) for number in range(posted)}
        newest = house.newest_number()
        delays, wrong, start = [], [0], time.perf_counter()
        chance, cpu = random.Random(1), server.cpu_seconds
        for page in pages:
            crowd.later(chance.uniform(0, within * 0.6), lambda page=page: _return(crowd, page, delays))
        crowd.run(60, until=lambda: len(delays) == len(pages))
        taken, cpu = time.perf_counter() - start, server.cpu_seconds - cpu
        crowd.run(1.0)
        sights = Counter(tuple(sorted(page.fragments.items())) for page in pages)
        for page in pages:
            said = {name for name in page.fragments if name.startswith("response-")}
            wrong[0] += said != expected or page.after != newest
        crowd.close()
    return {"people": people, "posted meanwhile": posted, "all back after s": round(taken, 2),
            "resumed": len(delays), "resuming": delay_shares(delays),
            "server milliseconds each": round(cpu / max(1, len(delays)) * 1000, 2),
            "missed something or too much": wrong[0], "different sights": len(sights)}


class _Steady:
    """Votes at a steady pace, and when each was acknowledged and shown to all in its room."""

    def __init__(self, crowd: Crowd, pages: list[tuple[Page, Room]]) -> None:
        self.crowd, self.pages = crowd, pages
        # A key that was used before would be taken for the same vote again.
        self.name = token_hex(4)
        self.sent, self.most_in_a_second = 0, 0
        self.safe: list[float] = []
        self.shown: list[float] = []
        # By room: the newest version, then (version, moment) of votes not yet known to be on all screens.
        self.version = {page.forum: page.seen for page, _ in pages}
        self.waiting: dict[int, list[tuple[int, float]]] = {page.forum: [] for page, _ in pages}
        self.seats = Counter(page.forum for page, _ in pages)
        self.arrived: Counter[tuple[int, int]] = Counter()
        self.seconds: Counter[tuple[int, int]] = Counter()

    def run(self, seconds: float) -> float:
        """Everybody in turn votes; afterwards the last changes are waited for."""
        for page, _room in self.pages:
            page.received = 0
        self.crowd.heard = self._heard
        count = max(1, int(seconds * VOTES_A_SECOND))
        order = random.Random(2).sample(range(len(self.pages)), len(self.pages))
        for number in range(count):
            self.crowd.later(number / VOTES_A_SECOND, lambda number=number: self._vote(
                self.pages[order[number % len(order)]], number))
        taken = self.crowd.run(seconds)
        self.crowd.run(10, until=lambda: len(self.safe) == count and not any(self.waiting.values()))
        if len(self.safe) != count:
            raise TimeoutError(f"{count - len(self.safe)} of {count} votes were not acknowledged, "
                               f"{self.crowd.lost} connections were lost, and the last votes took {self.safe[-3:]} s")
        self.most_in_a_second = max(self.seconds.values(), default=0)
        return taken

    def _vote(self, seat: tuple[Page, Room], number: int) -> None:
        page, room = seat
        self.sent += 1
        start = time.perf_counter()

        def acknowledged(answer: dict[str, Any]) -> None:
            if not answer["ok"]:
                raise ConnectionError(str(answer))
            self.safe.append(time.perf_counter() - start)
            # Each stored vote raises the version by one, so the vote acknowledged k-th is in every version from
            # the k-th on.
            self.version[page.forum] += 1
            self.waiting[page.forum].append((self.version[page.forum], start))
        page.vote(room.priorities_id, room.points(number), key=f"{self.name}-{number:08}", ack=acknowledged)

    def _heard(self, page: Page) -> None:
        now = time.perf_counter()
        self.seconds[id(page), int(now)] += 1
        self.arrived[page.forum, page.seen] += 1
        if self.arrived[page.forum, page.seen] == self.seats[page.forum]:
            waiting = self.waiting[page.forum]
            while waiting and waiting[0][0] <= page.seen:
                self.shown.append(now - waiting.pop(0)[1])


def _seated(crowd: Crowd, house: House, *, people: int, rooms: int) -> list[tuple[Page, Room]]:
    seats = [(number, house.rooms[number % rooms]) for number in range(people)]
    return [(house.page(crowd, number, room), room) for number, room in seats]


def _return(crowd: Crowd, page: Page, delays: list[float]) -> None:
    start = time.perf_counter()
    page.on_joined = lambda _answer: delays.append(time.perf_counter() - start)
    crowd.dial(page)


def _idle_share(crowd: Crowd, server: Any, *, seconds: float) -> float:
    crowd.run(min(2.0, seconds))
    cpu, start = server.cpu_seconds, time.perf_counter()
    crowd.run(seconds)
    return (server.cpu_seconds - cpu) / (time.perf_counter() - start)
