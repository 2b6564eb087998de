"""How long a thread page takes the server, how large it is on the way, and how soon a web process answers.

    python -m bench.pages [--seconds 3] [--counts 10 100 500]
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextvars import Context
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from bench.live.servers import ROOT, web_process
from bench.setting import measured_app, measured_meeting
from sigforum.agenda.models import ForumSession
from sigforum.agenda.queries import forum_sessions
from sigforum.extensions import db
from sigforum.people.domain import Viewer
from sigforum.people.links import make_link
from sigforum.people.models import Person
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import transaction

COUNTS = (10, 100, 500)
# The least of some medians: what the page takes while the machine does nothing else.
TRIES = 3
START_SECONDS = 30


def main() -> None:
    """Measure pages with so many responses, and a fresh web process; print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    arguments = parser.parse_args()
    seconds = arguments.seconds
    with measured_app() as app:
        meeting, viewers = measured_meeting(participants=25)
        slug, filled = meeting.slug, {}
        for forum_session, count in zip(forum_sessions(meeting.id), arguments.counts, strict=False):
            _fill(forum_session, viewers, count)
            filled[count] = forum_session.code
        browser = _signed_in(app, viewers[0])
        # What was written stays in memory otherwise, and pages would find it there.
        db.session.remove()
        yardstick = _least_median(lambda: _get(browser, "/health"), seconds)
        report: dict[str, object] = {"yardstick": {"page": "/health", "ms": round(yardstick * 1000, 3)}}
        for count, code in filled.items():
            report[f"{count} responses"] = _page(browser, f"/meetings/{slug}/sessions/{code}", seconds, yardstick)
    report["web process"] = _web_process()
    print(json.dumps(report, indent=2))


def _fill(forum_session: ForumSession, viewers: list[Viewer], count: int) -> None:
    """Responses of about 60 words, each its own: equal ones would be compressed to nothing."""
    chance = random.Random(forum_session.id)
    words = " ".join(question.text for question in forum_session.asked).split()
    with transaction():
        for number in range(count):
            text = " ".join(chance.choices([*words, "**markedly**", "about", str(number)], k=60))
            post_response(viewers[number % len(viewers)], NewResponse(
                question_id=forum_session.asked[number % 4].id, parent_id=None,
                key=f"response-{forum_session.id}-{number:04}", text=f"{text}."))


def _signed_in(app: Flask, viewer: Viewer) -> FlaskClient:
    browser = app.test_client()
    link = make_link(db.session.get_one(Person, viewer.person_id), lifetime=timedelta(hours=1))
    Context().run(browser.post, link.removeprefix("http://localhost"))
    return browser


def _get(browser: FlaskClient, path: str, coding: str = "br") -> bytes:
    """A page as a browser gets it. The empty context lets each request have its own database session."""
    answer = Context().run(browser.get, path, headers={"Accept-Encoding": coding})
    assert answer.status_code == 200, answer.status
    return bytes(answer.data)


def _page(browser: FlaskClient, path: str, seconds: float, yardstick: float) -> Mapping[str, float]:
    start = time.perf_counter()
    _get(browser, path)
    first = time.perf_counter() - start
    taken = _least_median(lambda: _get(browser, path), seconds)
    return {
        "ms": round(taken * 1000, 1), "times the yardstick": round(taken / yardstick, 1),
        "ms at first, with nothing kept": round(first * 1000, 1), "queries": _queries(lambda: _get(browser, path)),
        "bytes": len(_get(browser, path, "identity")), "bytes as brotli": len(_get(browser, path)),
        "bytes as gzip": len(_get(browser, path, "gzip"))}


def _least_median(work: Callable[[], object], seconds: float) -> float:
    return min(_median(work, seconds / TRIES) for _ in range(TRIES))


def _median(work: Callable[[], object], seconds: float) -> float:
    taken, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until or len(taken) < 5:
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[len(taken) // 2]


def _queries(work: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)
    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def _web_process() -> Mapping[str, float]:
    """Seconds from starting the real process to its first page, the least of some; and what it holds when idle."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"SIGFORUM_SECRET_KEY": "measuring", "SIGFORUM_INSTANCE": folder, "SIGFORUM_PACE": "1000"}
        subprocess.run([sys.executable, "-m", "sigforum", "upgrade"], cwd=ROOT, env=os.environ | environ, check=True,
                       capture_output=True)
        taken, held = zip(*(_start(environ) for _ in range(TRIES)), strict=True)
    return {"seconds from start to first answer": round(min(taken), 2), "idle MB": round(max(held) / 1e6, 1)}


def _start(environ: dict[str, str]) -> tuple[float, int]:
    start = time.perf_counter()
    with web_process(environ) as server:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/sign-in", timeout=START_SECONDS) as answer:
            answer.read()
        return time.perf_counter() - start, server.resident_bytes


if __name__ == "__main__":
    main()
