"""A long day in a few minutes: people vote, their connections come and go, and the server is killed again and again.

    python -m bench.soak [--seconds 600] [--people 200] [--every 45] [--postgres URL]

Ends with an exact count: every acknowledged vote is stored once and as it was acknowledged, and nothing else is.
Prints JSON; exits with 1 if the count is off.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bench.live.crowd import Crowd, Page
from bench.live.house import House, Room, furnished
from bench.live.servers import free_port, take_own_core, web_process
from bench.live.wire import Line
from sigforum.ballots.models import Poll, Round, Vote, VoteChange
from sigforum.extensions import db

# People come back with jitter, as the page's own script does.
AWAY_SECONDS = (0.2, 2.0)
BETWEEN_VOTES = (0.3, 3.0)
ROOMS = 4


class RestlessCrowd(Crowd):
    """Pages that dial again whenever their connection is gone, until told to rest."""

    def __init__(self, port: int, chance: random.Random) -> None:
        super().__init__(port)
        self.chance, self.reconnects = chance, 0

    def dial(self, line: Line) -> None:
        """Connect, or try again later where nobody answers."""
        try:
            super().dial(line)
        except OSError:
            line.hang_up()
            self._again(line)
        else:
            line.on_close = lambda: self._again(line)

    def _again(self, line: Line) -> None:
        self.reconnects += 1
        self.later(self.chance.uniform(*AWAY_SECONDS), lambda: self.dial(line))


@dataclass
class Voter:
    """A person who votes again and again, one vote at a time, each repeated with its key until acknowledged."""

    page: Page
    room: Room
    person_id: int
    crowd: RestlessCrowd
    is_done: Callable[[], bool]
    pending: tuple[str, dict[str, int]] | None = None
    acknowledged: dict[str, tuple[int, dict[str, int]]] = field(default_factory=dict)
    sent: int = 0
    refused: list[str] = field(default_factory=list)

    def joined(self, _answer: object = None) -> None:
        """The page sits: what was not acknowledged goes out again; the first time, voting begins."""
        if self.pending is not None:
            self._send()
        elif not self.acknowledged:
            self._next()

    def _next(self) -> None:
        if self.pending is None and not self.is_done():
            number = len(self.acknowledged) + self.person_id
            self.pending = f"soak-{self.person_id}-{len(self.acknowledged):06}", self.room.points(number)
            self._send()

    def _send(self) -> None:
        assert self.pending is not None
        if not self.page.is_open:
            return
        key, answer = self.pending
        self.sent += 1
        try:
            self.page.vote(self.room.priorities_id, answer, key=key, ack=lambda found: self._told(key, answer, found))
        except OSError:
            # The server is gone and the loop has not noticed yet; joining again sends it.
            return

    def _told(self, key: str, answer: dict[str, int], found: dict[str, Any]) -> None:
        if not found.get("ok"):
            self.refused.append(str(found))
        self.acknowledged[key] = (found.get("revision", 0), answer)
        self.pending = None
        self.crowd.later(self.crowd.chance.uniform(*BETWEEN_VOTES), self._next)


def main() -> None:
    """Run the soak; print the count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--every", type=float, default=45.0, help="seconds between two kills of the server")
    parser.add_argument("--postgres", default="", metavar="URL", help="an empty database instead of SQLite")
    asked = parser.parse_args()
    take_own_core()
    with furnished(people=asked.people, database_url=asked.postgres) as house:
        report = soak(house, seconds=asked.seconds, people=asked.people, every=asked.every)
    print(json.dumps(report, indent=2))
    counted = report["count"]
    sys.exit(1 if any(counted[name] for name in ("lost", "doubled", "differing", "unknown", "refused")) else 0)


def soak(house: House, *, seconds: float, people: int, every: float) -> dict[str, Any]:
    """Vote through one life of the server after the other, then let the last one bring in what is under way."""
    chance, over = random.Random(7), [False]
    crowd = RestlessCrowd(free_port(), chance)
    voters = []
    for number in range(people):
        room = house.rooms[number % ROOMS]
        page = house.page(crowd, number, room)
        voter = Voter(page, room, house.viewers[number].person_id, crowd, is_done=lambda: over[0])
        page.on_joined = voter.joined
        voters.append(voter)
        crowd.later(chance.uniform(0, min(5.0, every / 2)), lambda page=page: crowd.dial(page))
    kills, left = 0, seconds
    while left > 0:
        with web_process(house.settings, port=crowd.port) as server:
            left -= _live(crowd, voters, chance, min(every, left))
            server.process.kill()
            kills += 1
    over[0] = True
    with web_process(house.settings, port=crowd.port):
        crowd.run(60, until=lambda: all(voter.pending is None for voter in voters))
        still_open = sum(voter.pending is not None for voter in voters)
        shown = _shown(crowd, voters)
        crowd.close()
    return {"seconds": seconds, "people": people, "kills": kills, "reconnects": crowd.reconnects,
            "sent": sum(voter.sent for voter in voters), "still waiting": still_open,
            "count": _count(house, voters) | shown}


def _live(crowd: RestlessCrowd, voters: list[Voter], chance: random.Random, seconds: float) -> float:
    """One life of the server; now and then somebody's connection is cut."""
    def cut() -> None:
        voter = chance.choice(voters)
        if voter.page.is_open:
            crowd.cut(voter.page)
            crowd._again(voter.page)
        crowd.later(chance.expovariate(2.0), cut)
    crowd.later(chance.expovariate(2.0), cut)
    return crowd.run(seconds)


def _shown(crowd: RestlessCrowd, voters: list[Voter]) -> dict[str, int]:
    """Wait until every page shows the newest tally of its room; how many do not."""
    def behind() -> list[Voter]:
        db.session.rollback()
        versions = dict(db.session.execute(
            select(Poll.id, Round.version).join(Round, Round.poll_id == Poll.id)).all())
        return [voter for voter in voters if voter.page.seen != versions[voter.room.priorities_id]]
    for _ in range(20):
        if not behind():
            break
        crowd.run(0.5)
    return {"pages behind": len(behind())}


def _count(house: House, voters: list[Voter]) -> dict[str, int]:
    """Compare what was acknowledged with what is stored, key by key."""
    db.session.rollback()
    stored: dict[tuple[int, str], list[tuple[int, Any]]] = {}
    for person_id, key, revision, answer in db.session.execute(
            select(VoteChange.person_id, VoteChange.key, VoteChange.revision, VoteChange.answer)):
        stored.setdefault((person_id, key), []).append((revision, answer["points"]))
    newest = dict(db.session.execute(
        select(Vote.person_id, Vote.answer).join(Round).join(Poll)
        .where(Poll.id.in_([room.priorities_id for room in house.rooms]))).all())
    acknowledged = {(voter.person_id, key): told for voter in voters for key, told in voter.acknowledged.items()}
    last = {voter.person_id: max(voter.acknowledged.values())[1] for voter in voters if voter.acknowledged}
    return {
        "acknowledged": len(acknowledged), "stored": sum(map(len, stored.values())),
        "lost": len(acknowledged.keys() - stored.keys()),
        "doubled": sum(len(rows) - 1 for rows in stored.values()),
        "unknown": len(stored.keys() - acknowledged.keys()),
        "differing": sum(rows != [acknowledged[place]] for place, rows in stored.items() if place in acknowledged)
        + sum(newest[person_id]["points"] != answer for person_id, answer in last.items()),
        "refused": sum(len(voter.refused) for voter in voters)}


if __name__ == "__main__":
    main()
