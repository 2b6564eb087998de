"""What was deleted is in no file of the database, while the web process and the worker run: the bytes are looked at as
somebody would who took the disk away."""

import os
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from sigforum.database import WRITE
from sigforum.extensions import db
from sigforum.operations.backup import make_backup
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.settings import Settings
from sigforum.threads import actions as threads
from sigforum.threads.forms import NewResponse
from tests.ballots.polling import add_voters, make_poll, move, rating_answer, vote
from tests.casting import Cast
from tests.exports.worker import ask as ask_export
from tests.exports.worker import read
from tests.postgres import PostgresCluster
from tests.serving import free_port

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 60
WORDS = ("Qzyxwvut", "Jkqxzwvp")
pytestmark = pytest.mark.timeout(240)


def files(settings: Settings, cluster: PostgresCluster | None) -> list[Path]:
    """Every file in which the database keeps rows."""
    if cluster is None:
        return sorted(settings.instance.glob("sigforum.db*"))
    with db.engine.connect().execution_options(**WRITE, isolation_level="AUTOCOMMIT") as connection:
        # What is in memory goes to the files, and those of tables that were written anew are deleted.
        connection.execute(text("CHECKPOINT"))
        number = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return sorted(path for path in (cluster.data / "base" / str(number)).iterdir() if path.is_file())


def occurrences(words: str, settings: Settings, cluster: PostgresCluster | None) -> int:
    """How often something stands in the files, in capital or small letters. Where the database deletes one meanwhile,
    as when it writes a table anew, they are all read again."""
    wanted = words.lower().encode()
    while True:
        with suppress(FileNotFoundError):
            return sum(path.read_bytes().lower().count(wanted) for path in files(settings, cluster))


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it holds within a minute."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


@contextmanager
def serve_and_work(settings: Settings, port: int) -> Iterator[None]:
    """The web process and the worker, as they run for people."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SIGFORUM_")}
    environ = inherited | {
        "SIGFORUM_SECRET_KEY": settings.secret_key, "SIGFORUM_INSTANCE": str(settings.instance),
        "SIGFORUM_DATABASE_URL": settings.database_url, "SIGFORUM_BASE_URL": settings.base_url,
        "SIGFORUM_HOST": "127.0.0.1", "SIGFORUM_PORT": str(port)}
    running = [subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
               for arguments in (("wsgi.py",), ("-m", "sigforum", "work"))]
    try:
        yield
        assert [process.poll() for process in running] == [None, None], "both run to the end"
    finally:
        for process in running:
            process.kill()
        for process in running:
            process.wait()


@pytest.fixture
def cluster(database: str, request: pytest.FixtureRequest) -> PostgresCluster | None:
    """The server of the test's database, where it is PostgreSQL."""
    return request.getfixturevalue("postgres") if database == "postgresql" else None


def be_ready(cast: Cast) -> None:
    """Wait until the worker has made a file, and so is past its start."""
    job = ask_export(cast, "ada", format_name="json")

    def is_done() -> bool:
        state = read(job)[0]
        # The next look is not to see the same state again, and nobody here may read without end.
        db.session.rollback()
        return state == "done"
    assert eventually(is_done)


@pytest.mark.both_databases
def test_secret_round_leaves_no_pairs_after_its_close(
        app: Flask, cast: Cast, settings: Settings, cluster: PostgresCluster | None) -> None:
    """Each ballot's code stands in the files as often as its table and its index need it, and in no old row."""
    names = ["ben", "cyn", *add_voters(cast, 4)]
    with serve_and_work(settings, free_port()):
        be_ready(cast)
        poll = make_poll(cast, upto="open", secrecy="secret")
        codes = [vote(cast, name, poll, rating_answer(poll, 1 + place, 9 - place)).code
                 for place, name in enumerate(names)]
        once = 2 if cluster else 1
        # A table that is being written anew leaves an empty file for a moment.
        assert eventually(lambda: min(occurrences(code, settings, cluster) for code in codes) >= once), (
            "they can be found")
        move(cast, poll, "close")
        db.session.rollback()
        assert eventually(lambda: [occurrences(code, settings, cluster) for code in codes] == [once] * 6), (
            "an old row, or an old page, pairs the ballot with its voter")
        if cluster:
            for table in ("participations", "secret_ballots"):
                assert len(set(db.session.execute(text(f"SELECT xmin::text FROM {table}")).scalars())) == 1
        else:
            log = settings.instance / "sigforum.db-wal"
            assert not log.exists() or b"".join(code.encode() for code in codes[:1]) not in log.read_bytes()


@pytest.mark.both_databases
def test_erased_words_are_in_no_file_and_no_fresh_backup(
        app: Flask, cast: Cast, settings: Settings, cluster: PostgresCluster | None, tmp_path: Path) -> None:
    asked = cast.forum_session().asked[0].id
    with serve_and_work(settings, free_port()):
        be_ready(cast)
        first = threads.post_response(cast.viewer("ben"), NewResponse(
            question_id=asked, parent_id=None, key="first", text=f"{WORDS[0]} is what I think of it."))
        threads.edit_response(cast.viewer("ben"), first.id, text=f"{WORDS[1]} is what I think of it.", revision=1)
        for place in range(30):
            threads.post_response(cast.viewer("cyn"), NewResponse(
                question_id=asked, parent_id=None, key=f"other-{place}", text=f"Other words, the {place}th time."))
        db.session.rollback()
        assert [occurrences(word, settings, cluster) > 0 for word in WORDS] == [True, True], "they can be found"
        erase_member(cast.viewer("ada"), cast.viewer("ben").membership_id, texts=Texts.WITHDRAW)
        db.session.rollback()
        # At once, whatever the worker has come to.
        backup = tmp_path / "backup.tar.gz"
        make_backup(backup, settings)
        db.session.rollback()
        with tarfile.open(backup) as archive:
            members = [archive.extractfile(member) for member in archive.getmembers()]
            content = b"".join(member.read() for member in members if member)
        assert b"ada@example.org" in content or cluster, "names are found as they are"
        assert [word.lower().encode() in content.lower() for word in WORDS] == [False, False]
        assert eventually(lambda: [occurrences(word, settings, cluster) for word in WORDS] == [0, 0])


def test_write_ahead_log_can_be_emptied_while_both_run(app: Flask, cast: Cast, settings: Settings) -> None:
    with serve_and_work(settings, free_port()):
        be_ready(cast)
        add_voters(cast, 3)
        db.session.rollback()

        def emptied() -> bool:
            with closing(sqlite3.connect(settings.instance / "sigforum.db", timeout=0.2)) as connection:
                return connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        assert eventually(emptied), "somebody reads without end"
        assert (settings.instance / "sigforum.db-wal").stat().st_size == 0
