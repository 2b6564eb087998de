"""How long a thread page takes the server, in ratio to the smallest page of the same application.

    python -m bench.pages [--seconds 3]
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import event

from bench.setting import measured_app, measured_meeting
from sigforum.agenda.queries import forum_sessions
from sigforum.extensions import db
from sigforum.people.links import make_link
from sigforum.people.models import Person
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import transaction


def main() -> None:
    """Measure pages with 10, 100 and 500 responses; print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    seconds = parser.parse_args().seconds
    with measured_app() as app:
        meeting, viewers = measured_meeting(participants=25)
        slug, sessions = meeting.slug, forum_sessions(meeting.id)
        filled = {}
        for forum_session, count in zip(sessions, (10, 100, 500), strict=False):
            with transaction():
                for number in range(count):
                    post_response(viewers[number % len(viewers)], NewResponse(
                        question_id=forum_session.asked[number % 4].id, parent_id=None,
                        key=f"response-{forum_session.id}-{number:04}", text="Words **that** matter. " * 12))
            filled[count] = forum_session.code
        person = db.session.get_one(Person, viewers[0].person_id)
        browser = app.test_client()
        browser.post(make_link(person, lifetime=timedelta(hours=1)).removeprefix("http://localhost"))
        yardstick = _median(lambda: browser.get("/health"), seconds)
        report: dict[str, object] = {"yardstick": {"page": "/health", "ms": round(yardstick * 1000, 3)}}
        for count, code in filled.items():
            path = f"/meetings/{slug}/sessions/{code}"
            queries = _queries(lambda path=path: browser.get(path))
            taken = _median(lambda path=path: browser.get(path), seconds)
            report[f"{count} responses"] = {
                "ms": round(taken * 1000, 1), "times the yardstick": round(taken / yardstick, 1),
                "queries": queries, "bytes": len(browser.get(path).data)}
    print(json.dumps(report, indent=2))


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


if __name__ == "__main__":
    main()
