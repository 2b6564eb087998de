"""Looking at the bytes of a database's files, as somebody would who took the disk away."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from sigforum.database import WRITE
from sigforum.extensions import db
from sigforum.settings import Settings
from tests.postgres import PostgresCluster

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 60


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
    """How often something stands in the files, in capital or small letters."""
    wanted = words.lower().encode()
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
