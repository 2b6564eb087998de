"""A temporary PostgreSQL cluster, from the machine's own binaries."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg2
import pytest

_numbers = count(1)


def _binaries() -> Path | None:
    """Where initdb and pg_ctl are: Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    in_path = shutil.which("initdb")
    return Path(in_path).resolve().parent if in_path else None


@dataclass
class PostgresCluster:
    """A running server, and new databases in it."""

    binaries: Path
    data: Path
    port: int
    as_user: list[str] = field(default_factory=list)
    pid: int = 0

    def new_database(self, *, template: str = "template1") -> str:
        """The address of a fresh database: an empty one, or a copy of another."""
        name = f"test{next(_numbers)}"
        connection = psycopg2.connect(host="127.0.0.1", port=self.port, user="sigforum", dbname="postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        connection.close()
        return f"postgresql://sigforum@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """Stop the server at once; nothing in it is worth keeping."""
        # Not by pg_ctl, which needs the folder: other runs of the tests close it to others, or clean it away, and
        # a server whose folder is gone ends by itself.
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGQUIT)


def start_postgres(folder: Path) -> PostgresCluster:
    """Make and start a cluster. Where there are no binaries the test is skipped, and in CI it fails."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL's server binaries are missing; make test installs them where apt is")
        pytest.skip("PostgreSQL's server binaries are not on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    data.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        as_user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        shutil.chown(data, "nobody", "nogroup")
        for parent in (folder, *folder.parents):
            if parent.stat().st_uid == 0 and str(parent).startswith("/tmp/"):
                parent.chmod(parent.stat().st_mode | 0o055)
    cluster = PostgresCluster(binaries=binaries, data=data, port=port, as_user=as_user)
    subprocess.run([*as_user, binaries / "initdb", "-D", data, "-U", "sigforum", "--auth=trust", "-E", "UTF8",
                    "--no-sync"], check=True, capture_output=True, cwd="/")
    subprocess.run(
        [*as_user, binaries / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o",
         f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off "
         "-c full_page_writes=off -c autovacuum=off -c max_wal_size=4GB", "start"],
        check=True, capture_output=True, cwd="/")
    cluster.pid = int((data / "postmaster.pid").read_text().split()[0])
    return cluster
