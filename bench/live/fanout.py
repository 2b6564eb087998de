"""What one message to a full room costs, and how soon the last screen has it, beside a bare broadcast."""

import time
from collections.abc import Callable
from secrets import token_hex
from typing import Any

from bench.live.crowd import Crowd, Page
from bench.live.house import House
from bench.live.servers import Server, bare_process
from bench.live.voting import delay_shares


def broadcasts(house: House, *, seconds: float, screens: int) -> dict[str, Any]:
    """CPU of the server for each message delivered, and the time from a vote to the last screen after quiet."""
    room, run = house.rooms[0], token_hex(4)
    with house.open() as server:
        crowd = Crowd(server.port)
        voter = house.page(crowd, screens, room)
        pages = [house.page(crowd, number, room) for number in range(screens)]
        crowd.gather([voter, *pages])
        report = {"screens": screens, "product": _measured(
            crowd, server, pages, seconds, pause=0.25,
            change=lambda number: voter.vote(room.priorities_id, room.points(number),
                                             key=f"{run}-{number:08}", ack=_must_be_ok))}
        size = max(len(html) for html in pages[0].fragments.values())
        crowd.close()
    with bare_process() as bare:
        crowd = Crowd(bare.port)
        pages = [Page(crowd, cookie="") for _ in range(screens)]
        crowd.gather(pages)
        report["bare"] = _measured(
            crowd, bare, pages, seconds, pause=0.25,
            change=lambda number: pages[0].call("shout", {"number": number, "bytes": size}, _must_be_ok))
        crowd.close()
    report["bytes a message"] = size
    # The system counts a process's time in hundredths of a second; a short run may see none of it.
    report["product to bare"] = round(report["product"]["microseconds a message"]
                                      / max(0.1, report["bare"]["microseconds a message"]), 2)
    return report


def _measured(crowd: Crowd, server: Server, pages: list[Page], seconds: float, *, pause: float,
              change: Callable[[int], None]) -> dict[str, Any]:
    crowd.run(1.0)
    idle, start = server.cpu_seconds, time.perf_counter()
    crowd.run(max(1.0, seconds / 4))
    idle_share = (server.cpu_seconds - idle) / (time.perf_counter() - start)
    cpu, heard, start = server.cpu_seconds, sum(page.received for page in pages), time.perf_counter()
    delays = _delays(crowd, pages, seconds, pause=pause, change=change, first=1)
    taken = time.perf_counter() - start
    used = server.cpu_seconds - cpu - idle_share * taken
    heard = sum(page.received for page in pages) - heard
    quiet = _delays(crowd, pages, seconds, pause=0.7, change=change, first=100_000)
    return {"messages": heard, "microseconds a message": round(used / max(1, heard) * 1e6, 1),
            "change to last screen": delay_shares(delays), "the same after quiet": delay_shares(quiet)}


def _delays(crowd: Crowd, pages: list[Page], seconds: float, *, pause: float, change: Callable[[int], None],
            first: int) -> list[float]:
    """One change after the other, each when all have seen the one before and a pause is over."""
    delays: list[float] = []
    end, number = time.perf_counter() + seconds, first
    while time.perf_counter() < end or not delays:
        waiting = set(map(id, pages))
        crowd.heard = lambda page, waiting=waiting: waiting.discard(id(page))
        start = time.perf_counter()
        change(number)
        if crowd.run(10, until=lambda waiting=waiting: not waiting) >= 10:
            raise TimeoutError(f"{len(waiting)} screens saw nothing of a change")
        delays.append(time.perf_counter() - start)
        crowd.heard = lambda _page: None
        crowd.run(max(0.0, pause - delays[-1]))
        number += 1
    return delays


def _must_be_ok(answer: dict[str, Any]) -> None:
    if not answer["ok"]:
        raise ConnectionError(str(answer))
