"""How long a search takes in a meeting of 100,000 responses, beside a bare scan of the same rows.

    python -m bench.search [--responses 100000] [--queries 60] [--postgres URL]
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from sqlalchemy import insert, text

from bench.setting import measured_app, measured_meeting
from sigforum.agenda.queries import all_forum_sessions, forum_sessions
from sigforum.app import create_app
from sigforum.extensions import db
from sigforum.migrating import upgrade
from sigforum.people.domain import Viewer
from sigforum.search.domain import parse_wanted
from sigforum.search.finding import find
from sigforum.settings import Settings
from sigforum.threads.models import Response
from sigforum.transaction import transaction

AT_ONCE = 5_000
# How many different words there are, and how many stand in a response; the first ones are in many, the last in few.
WORDS, WORDS_EACH = 20_000, 60


def main() -> None:
    """Measure searches for words in few and in many responses, beginnings and phrases; print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--postgres", default="", help="an empty database to use instead of SQLite")
    options = parser.parse_args()
    with _app(options.postgres) as app, app.app_context():
        meeting, viewers = measured_meeting(participants=25)
        start = time.perf_counter()
        _fill(meeting.id, viewers, options.responses)
        filled = time.perf_counter() - start
        chance = random.Random(1)
        report: dict[str, Any] = {"setting": {
            "responses": options.responses, "queries of each": options.queries,
            "seconds to write and index": round(filled, 1)}}
        scans = [_milliseconds(lambda word=word: _scan(word)) for word in _rare(chance, max(3, options.queries // 12))]
        report["bare scan"] = _spread(scans)
        for name, queries in _queries(chance, options.queries).items():
            taken = [_milliseconds(lambda words=words: _search(viewers[0], meeting.slug, words)) for words in queries]
            report[name] = _spread(taken) | {"times the scan": round(_at(taken, 0.5) / _at(scans, 0.5), 3)}
    print(json.dumps(report, indent=2))


@contextmanager
def _app(url: str) -> Iterator[Flask]:
    if not url:
        with measured_app() as app:
            yield app
        return
    with TemporaryDirectory() as folder:
        app = create_app(Settings(secret_key="measuring", instance=Path(folder), database_url=url,
                                  base_url="http://localhost", async_mode="threading"))
        with app.app_context():
            upgrade()
        yield app


def _word(rank: int) -> str:
    """A word by its rank: letters alone, none the beginning of another by accident of numbers."""
    return "".join("bdfghklmnprstvz"[rank // 15 ** place % 15] + "aeiou"[rank // 7 ** place % 5] for place in range(4))


def _fill(meeting_id: int, viewers: Sequence[Viewer], count: int) -> None:
    """Write responses at once, as no room does; the triggers or indexes of the database see each of them."""
    chance, asked = random.Random(0), [
        one for forum_session in forum_sessions(meeting_id) for one in forum_session.questions]
    ranks, weights = range(WORDS), [1 / (rank + 1) for rank in range(WORDS)]
    places = [(one.forum_session_id, one.id, one.wording.id) for one in asked]
    for begin in range(0, count, AT_ONCE):
        rows = []
        for number in range(begin, min(begin + AT_ONCE, count)):
            forum_session_id, question_id, wording_id = places[number % len(places)]
            rows.append({
                "forum_session_id": forum_session_id, "question_id": question_id, "wording_id": wording_id,
                "author_id": viewers[number % len(viewers)].person_id, "key": f"measured-{number}",
                "text": " ".join(_word(rank) for rank in chance.choices(ranks, weights, k=WORDS_EACH))})
        with transaction():
            db.session.execute(insert(Response), rows)
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE responses"))


def _rare(chance: random.Random, count: int) -> list[str]:
    return [_word(rank) for rank in chance.sample(range(WORDS // 4, WORDS), count)]


def _queries(chance: random.Random, count: int) -> dict[str, list[str]]:
    common = [_word(rank) for rank in chance.choices(range(20), k=count)]
    return {
        "a rare word": [f'"{word}"' for word in _rare(chance, count)],
        "a common word": [f'"{word}"' for word in common],
        "a beginning of three letters": [word[:3] for word in _rare(chance, count)],
        "a rare and a common word": [f"{one} {other}" for one, other in zip(common, _rare(chance, count), strict=True)],
        "a phrase of two common words": [f'"{one} {other}"' for one, other in zip(common, common[1:] + common[:1],
                                                                                  strict=True)]}


def _search(viewer: Viewer, slug: str, words: str) -> None:
    """What the page does: candidates, judged and counted."""
    db.session.rollback()
    find(viewer, parse_wanted(words), slug=slug, forum_sessions=all_forum_sessions(viewer.meeting_id), unentered=())


def _scan(word: str) -> None:
    """What there would be without an index: the ids of the rows that hold the letters."""
    db.session.rollback()
    db.session.execute(text("SELECT id FROM responses WHERE text LIKE :words ORDER BY id DESC"),
                       {"words": f"%{word}%"}).all()


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _at(taken: Sequence[float], share: float) -> float:
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * share))]


def _spread(taken: Sequence[float]) -> dict[str, float]:
    return {"p50 ms": round(_at(taken, 0.5), 2), "p95 ms": round(_at(taken, 0.95), 2)}


if __name__ == "__main__":
    sys.exit(main())
