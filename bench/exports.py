"""How long files take in the worker, and what votes feel of it; prints JSON.

    python -m bench.exports [--seconds 15] [--people 200] [--rounds 2] [--only files]

Web process and generator are pinned to a core each, as in bench.live; the worker runs where it finds room.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from bench.live.congress import steady_votes
from bench.live.house import House, furnished
from bench.live.servers import ROOT, take_own_core
from sigforum.agenda.queries import forum_sessions
from sigforum.ballots.actions import cast_vote, move_poll
from sigforum.ballots.box import Cast
from sigforum.exports.actions import cancel_export, request_export
from sigforum.exports.domain import UNFINISHED
from sigforum.exports.files import folder_of
from sigforum.exports.forms import WantedExport
from sigforum.exports.models import ExportJob
from sigforum.extensions import db
from sigforum.people.domain import Role, Viewer
from sigforum.people.queries import members
from sigforum.summaries.registry import all_formats

# Whose ratings and points are in the summaries.
PANEL = 12
LONGEST_SECONDS = 300


def main() -> None:
    """Furnish a meeting of twelve voted sessions, start the worker, measure, print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15.0, help="of votes in each round")
    parser.add_argument("--people", type=int, default=200, help="who vote, a hundred votes a second together")
    parser.add_argument("--rounds", type=int, default=2, help="each once without and once with exports")
    parser.add_argument("--only", choices=["files", "votes"], help="one half of it")
    asked = parser.parse_args()
    take_own_core()
    report: dict[str, Any] = {"load before": os.getloadavg()}
    with furnished(people=max(PANEL, asked.people)) as house:
        host = next(one for one in members(house.meeting_id) if one.role == Role.ORGANIZER).viewer()
        _vote(house, host)
        with _worker(house):
            if asked.only != "votes":
                report["files"] = _files(house, host)
            if asked.only != "files":
                report["votes"] = _votes(house, host, seconds=asked.seconds, people=asked.people,
                                         rounds=asked.rounds)
    report["load after"] = os.getloadavg()
    print(json.dumps(report, indent=2))


def _vote(house: House, host: Viewer) -> None:
    """A panel rates and lays points in every session, and the ratings are revealed."""
    for room in house.rooms:
        for number, viewer in enumerate(house.viewers[:PANEL]):
            for poll_id, answer in ((room.rating_id, room.ratings(number)), (room.priorities_id, room.points(number))):
                cast_vote(viewer, Cast(poll_id=poll_id, round_number=1, raw=answer, key=f"panel-{poll_id}-{number:06}"))
        for verb in ("close", "reveal"):
            move_poll(host, room.rating_id, verb=verb)


def _files(house: House, host: Viewer) -> dict[str, Any]:
    """The first and the later files of one session, and the bundle twice, whose bytes must be the same."""
    code = forum_sessions(house.meeting_id)[0].code
    report: dict[str, Any] = {"formats": list(all_formats())}
    pdfs = [_made(host, code, "pdf") for _ in range(4)]
    report["one session's PDF, seconds"] = [seconds for seconds, _ in pdfs]
    bundles = [_made(host, None, "zip") for _ in range(2)]
    report["bundle of all sessions, seconds"] = [seconds for seconds, _ in bundles]
    report["sessions"], report["bundle bytes"] = len(house.rooms), bundles[0][1].size
    report["same bytes twice"] = (len({job.sha256 for _, job in pdfs}) == 1
                                  and len({job.sha256 for _, job in bundles}) == 1)
    stored = (folder_of(bundles[0][1].id) / bundles[0][1].file_name).read_bytes()
    report["stored bytes have the hash"] = hashlib.sha256(stored).hexdigest() == bundles[0][1].sha256
    return report


def _votes(house: House, host: Viewer, *, seconds: float, people: int, rounds: int) -> dict[str, Any]:
    """Votes at a steady pace, in turn without and with a worker that makes file after file."""
    report: dict[str, Any] = {"without": [], "with": []}
    for _ in range(rounds):
        report["without"].append(_felt(steady_votes(house, seconds=seconds, people=people, rooms=4)))
        wanted = [(None, "zip"), *((one.code, "pdf") for one in forum_sessions(house.meeting_id))]
        jobs = [request_export(host, WantedExport(code=code, format=name)).id for code, name in wanted]
        report["with"].append(_felt(steady_votes(house, seconds=seconds, people=people, rooms=4)))
        # Else the end of the measurement had the machine to itself.
        report["with"][-1]["files left to make at the end"] = len(_unfinished(jobs))
        for job_id in _unfinished(jobs):
            cancel_export(host, job_id)
        # What is being written is finished before the worker looks; it must not reach into the next round.
        _made(host, wanted[1][0], "csv")
    for name in ("p50 ms", "p99 ms"):
        without, busy = (statistics.median(one[name] for one in report[which]) for which in ("without", "with"))
        report[f"{name} with to without"] = round(busy / without, 2)
    return report


def _felt(measured: dict[str, Any]) -> dict[str, Any]:
    return measured["vote to acknowledgement"] | {
        "votes": measured["votes"], "votes lost": measured["votes lost"],
        "server's core in use": measured["server's core in use"]}


def _made(host: Viewer, code: str | None, format_name: str) -> tuple[float, ExportJob]:
    """How long a file takes from the click to the stored file."""
    start = time.perf_counter()
    job_id = request_export(host, WantedExport(code=code, format=format_name)).id
    _wait([job_id])
    job = db.session.get_one(ExportJob, job_id)
    if job.state != "done":
        sys.exit(f"{job.subject} as {format_name} {job.state}: {job.error}")
    seconds = round(time.perf_counter() - start, 2)
    print(f"{job.subject} as {format_name}: {seconds} s", file=sys.stderr, flush=True)
    return seconds, job


def _wait(jobs: list[int]) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while _unfinished(jobs):
        if time.monotonic() > deadline:
            sys.exit("The worker does not come to an end.")
        time.sleep(0.05)


def _unfinished(jobs: list[int]) -> list[int]:
    db.session.rollback()
    found = db.session.scalars(select(ExportJob.id).where(ExportJob.id.in_(jobs), ExportJob.state.in_(UNFINISHED)))
    return list(found)


@contextmanager
def _worker(house: House) -> Iterator[None]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SIGFORUM_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "sigforum", "work"], cwd=ROOT, env=inherited | house.settings,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=_free_to_roam)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _free_to_roam() -> None:
    os.sched_setaffinity(0, range(os.cpu_count() or 1))


if __name__ == "__main__":
    main()
