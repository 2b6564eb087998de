"""How long voters wait for their acknowledgement while a stranger, a participant and an organizer attack at once.

    python -m bench.under_attack [--seconds 15] [--voters 50]

The same voters vote in the same run without the attack: that is the yardstick. Afterwards every key that was
acknowledged is looked for in the database. Prints JSON.

An attacker sits at another machine, and takes no processor time from the server or from whoever measures. So the
server, with the processes that it starts, has the first core in both halves of the run; the voters and the attackers
share the other one, and the attackers give way (nice 19). How late the voters' own program was with what it meant to
do is printed beside the delays: what they say of the server is wrong by no more than that. The attackers do all they
can in one process; how many acts of each kind were answered in a second is printed too. Before the yardstick is taken
everybody votes for a while, so that it holds nothing of what a server does for the first time.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from secrets import token_hex
from typing import Any

from sqlalchemy import select

from bench.live.crowd import Crowd, Page
from bench.live.house import House, Room, _sign_in, furnished
from bench.live.servers import ROOT, take_own_core
from bench.live.voting import delay_shares
from sigforum.ballots.models import VoteChange
from sigforum.extensions import db
from sigforum.people.domain import Role
from sigforum.people.queries import members

# Each voter changes their ballot so often, in seconds.
EVERY = 1.0
WARM_SECONDS = 4.0


def under_attack(*, seconds: float, voters: int) -> dict[str, Any]:
    """Delays with and without the attack, and what was acknowledged and is not stored."""
    with furnished(people=voters + 1) as house:
        house.settings["SIGFORUM_PACE"] = "1"
        host = next(one for one in members(house.meeting_id) if one.role == Role.ORGANIZER).viewer()
        organizer = _sign_in(house.app, [host])[0]
        db.session.remove()
        room = house.rooms[0]
        with house.open() as server:
            crowd = Crowd(server.port)
            pages = [house.page(crowd, number, room) for number in range(voters)]
            crowd.gather(pages)
            _, warm = _vote(crowd, pages, room, WARM_SECONDS)
            crowd.lateness()
            quiet, first = _vote(crowd, pages, room, seconds)
            lags, used, started = [crowd.lateness()], server.cpu_seconds, time.perf_counter()
            attack = subprocess.Popen(
                [sys.executable, "-m", "bench.attackers", str(server.port), str(seconds + 2), house.slug,
                 "1A", str(room.question_id), house.cookies[voters], organizer],
                cwd=ROOT, stdout=subprocess.PIPE, text=True, preexec_fn=_give_way)
            crowd.run(2)
            attacked, second = _vote(crowd, pages, room, seconds)
            lags.append(crowd.lateness())
            busy = (server.cpu_seconds - used) / (time.perf_counter() - started)
            lost_pages = crowd.lost
            crowd.close()
            answers = json.loads(attack.communicate(timeout=120)[0])
        keys = warm | first | second
        return {
            "voters": voters, "quiet": delay_shares(quiet), "under attack": delay_shares(attacked),
            "p99 under attack to quiet": round(delay_shares(attacked)["p99 ms"] / delay_shares(quiet)["p99 ms"], 2),
            "voters' program late": dict(zip(("quiet", "under attack"), map(delay_shares, lags), strict=True)),
            "server's core in use under attack": round(busy, 2),
            "acknowledged": len(keys), "acknowledged and not stored": len(keys - _stored(house)),
            "voters' connections lost": lost_pages, "attacks answered": answers,
            "attacks answered a second": {
                name: round(sum(counts.values()) / (seconds + 2), 1) for name, counts in answers.items()}}


def _give_way() -> None:
    os.nice(19)


def _vote(crowd: Crowd, pages: list[Page], room: Room, seconds: float) -> tuple[list[float], set[str]]:
    """Everybody votes once in `EVERY`, one after the other; the delays, and the keys that were acknowledged."""
    delays: list[float] = []
    acknowledged: set[str] = set()
    refused: list[dict[str, Any]] = []
    end, run = time.perf_counter() + seconds, token_hex(4)

    def vote(page: Page, number: int) -> None:
        start, key = time.perf_counter(), f"{run}-{id(page)}-{number:06}"

        def done(answer: dict[str, Any]) -> None:
            delays.append(time.perf_counter() - start)
            if answer["ok"]:
                acknowledged.add(key)
            else:
                refused.append(answer)
        page.vote(room.priorities_id, room.points(number), key=key, ack=done)
        if time.perf_counter() + EVERY < end:
            crowd.later(EVERY, lambda: vote(page, number + 1))
    for place, page in enumerate(pages):
        crowd.later(EVERY * place / len(pages), lambda page=page: vote(page, 0))
    crowd.run(seconds)
    crowd.run(15, until=lambda: not any(page.acks for page in pages))
    if refused or any(page.acks for page in pages):
        raise ConnectionError(f"votes were refused or not answered: {refused[:1]}")
    return delays, acknowledged


def _stored(house: House) -> set[str]:
    db.session.rollback()
    found = set(db.session.scalars(select(VoteChange.key)))
    db.session.rollback()
    return found


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--voters", type=int, default=50)
    asked = parser.parse_args()
    take_own_core()
    print(json.dumps(under_attack(seconds=asked.seconds, voters=asked.voters), indent=2))


if __name__ == "__main__":
    main()
