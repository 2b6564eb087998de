"""How many votes a second are checked, stored, synced and acknowledged, in ratio to bare synced commits.

    python -m bench.votes [--seconds 3] [--voters 50]
"""

import argparse
import json
import sqlite3
import tempfile
import threading
import time
from pathlib import Path

from bench.setting import measured_app, measured_meeting
from sigforum.agenda.queries import forum_sessions
from sigforum.ballots.actions import cast_vote
from sigforum.ballots.box import Cast
from sigforum.ballots.queries import polls
from sigforum.people.domain import Audience, Viewer
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse


def main() -> None:
    """Let every voter vote again and again at the same time; print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--voters", type=int, default=50)
    asked = parser.parse_args()
    with measured_app() as app:
        meeting, viewers = measured_meeting(participants=asked.voters)
        forum_session = forum_sessions(meeting.id)[0]
        posted = [post_response(viewers[0], NewResponse(
            question_id=forum_session.asked[0].id, parent_id=None, key=f"option-{number:04}",
            text=f"Option {number}")) for number in range(10)]
        keys = [f"r{response.id}" for response in posted]
        poll_id = polls(forum_session.id, audience=Audience.SPEAKER)[0].id
        counts = [0] * len(viewers)
        until = time.perf_counter() + asked.seconds

        def vote(place: int, viewer: Viewer) -> None:
            with app.app_context():
                while time.perf_counter() < until:
                    answer = {keys[(place + counts[place]) % 10]: 2}
                    cast_vote(viewer, Cast(poll_id=poll_id, round_number=1, raw=answer,
                                           key=f"vote-{place}-{counts[place]:06}"))
                    counts[place] += 1
        threads = [threading.Thread(target=vote, args=pair) for pair in enumerate(viewers)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rate = sum(counts) / (time.perf_counter() - start)
    yardstick = _bare_commits(asked.seconds)
    print(json.dumps({
        "yardstick": {"bare synced SQLite commits a second": round(yardstick)},
        "votes": {"voters": asked.voters, "acknowledged a second": round(rate),
                  "times the yardstick": round(rate / yardstick, 2)}}, indent=2))


def _bare_commits(seconds: float) -> float:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE votes (id INTEGER PRIMARY KEY, answer TEXT)")
        done, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            connection.execute("INSERT INTO votes (answer) VALUES ('{}')")
            done += 1
        rate = done / (time.perf_counter() - start)
        connection.close()
        return rate


if __name__ == "__main__":
    main()
