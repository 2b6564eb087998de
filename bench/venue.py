"""A full venue behind one network address: everybody asks for a sign-in mail, opens two pages, votes on both, loses the
network and comes back, all at the limits that an operator gets. Nobody may be refused or told to wait.

    python -m bench.venue [--people 500]

Two real sockets a person, all from 127.0.0.1. Prints JSON; ends with an error at the first refusal.
"""

import argparse
import json
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex
from typing import Any

import requests

from bench.live.crowd import Crowd, Page, share
from bench.live.house import House, Room, furnished
from bench.live.servers import Server, take_own_core
from sigforum.extensions import db
from sigforum.people.queries import members

PAGES_A_PERSON = 2
# Browsers that load at the same moment.
AT_ONCE = 16
# In which everybody votes once on each of their pages, as after "please vote now".
VOTING_SECONDS = 5.0


def full_venue(*, people: int) -> dict[str, Any]:
    """How everybody was answered, and what it took."""
    with furnished(people=people) as house:
        house.settings["SIGFORUM_PACE"] = "1"
        addresses = [member.person.email for member in members(house.meeting_id)][:people]
        db.session.remove()
        room = house.rooms[0]
        with house.open() as server:
            asked = _each(addresses, lambda address: _ask_for_mail(server, address))
            fetched = _each([cookie for cookie in house.cookies[:people] for _ in range(PAGES_A_PERSON)],
                            lambda cookie: _page(server, house, cookie))
            crowd = Crowd(server.port)
            pages = [house.page(crowd, number, room) for number in range(people) for _ in range(PAGES_A_PERSON)]
            crowd.gather(pages)
            first = _vote(crowd, pages, room)
            back = _come_back(crowd, pages)
            second = _vote(crowd, pages, room)
            lost = crowd.lost
            crowd.close()
        return {
            "people": people, "sockets": len(pages), "mails asked for": asked, "pages fetched": fetched,
            "votes acknowledged": len(first) + len(second), "vote p99 ms": round(share(first + second, 0.99) * 1000, 1),
            "all back after a cut, in seconds": round(back, 1), "connections lost": lost}


def _each(things: list[str], act: Any) -> dict[str, int]:
    """The answers' statuses, counted. A refusal is an error."""
    with ThreadPoolExecutor(AT_ONCE) as browsers:
        counts = Counter(browsers.map(act, things))
    if not set(counts) <= {200, 302}:
        raise ConnectionError(f"somebody was refused: {dict(counts)}")
    return {str(status): count for status, count in counts.items()}


def _ask_for_mail(server: Server, address: str) -> int:
    browser, url = requests.Session(), f"http://127.0.0.1:{server.port}/sign-in"
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(url, timeout=60).text)[0]
    return browser.post(url, data={"csrf_token": token, "email": address}, allow_redirects=False,
                        timeout=60).status_code


def _page(server: Server, house: House, cookie: str) -> int:
    return requests.get(f"http://127.0.0.1:{server.port}/meetings/{house.slug}/sessions/1A", timeout=60,
                        headers={"Cookie": cookie}).status_code


def _vote(crowd: Crowd, pages: list[Page], room: Room) -> list[float]:
    """Everybody votes on each of their pages; the delays. A refusal is an error."""
    delays: list[float] = []

    def vote(page: Page, number: int) -> None:
        start = time.perf_counter()

        def done(answer: dict[str, Any]) -> None:
            if not answer["ok"]:
                raise ConnectionError(f"a vote was refused: {answer}")
            delays.append(time.perf_counter() - start)
        page.vote(room.priorities_id, room.points(number), key=token_hex(8), ack=done)
    for number, page in enumerate(pages):
        crowd.later(VOTING_SECONDS * number / len(pages), lambda page=page, number=number: vote(  # type: ignore[misc]
            page, number))
    crowd.run(VOTING_SECONDS + 60, until=lambda: len(delays) == len(pages))
    if len(delays) != len(pages):
        raise TimeoutError(f"{len(pages) - len(delays)} votes were not acknowledged")
    return delays


def _come_back(crowd: Crowd, pages: list[Page]) -> float:
    """The network is gone for everybody, and all come back at the same moment."""
    for page in pages:
        crowd.cut(page)
    start = time.perf_counter()
    crowd.gather(pages, at_once=len(pages))
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=500)
    asked = parser.parse_args()
    take_own_core()
    print(json.dumps(full_venue(people=asked.people), indent=2))


if __name__ == "__main__":
    main()
