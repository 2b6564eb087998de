"""A database at one moment, while people go on writing: SQLite's online backup, PostgreSQL's pg_dump."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, text

from sigforum.kernel.errors import Conflict
from sigforum.traces.on_sqlite import merge_word_indexes

_SECRET_PARAMETER = re.compile("pass|secret|token|key", re.IGNORECASE)
SQLITE_FILE, POSTGRES_FILE = "sigforum.db", "sigforum.pgdump"


def take_snapshot(engine: Engine, folder: Path) -> dict[str, Any]:
    """Write the database into a folder; what the manifest says of it, counted in the very same moment."""
    return _take_sqlite(engine, folder) if engine.dialect.name == "sqlite" else _take_postgres(engine, folder)


def facts(connection: Connection) -> dict[str, Any]:
    """The migration, the rows of each table, and the heads of the audit log's chains."""
    tables = sorted(inspect(connection).get_table_names())
    has_revision, has_log = "alembic_version" in tables, "audit_heads" in tables
    revision = connection.scalar(text("SELECT version_num FROM alembic_version")) if has_revision else None
    rows = {table: connection.scalar(text(f'SELECT count(*) FROM "{table}"')) for table in tables}
    heads = [dict(row) for row in connection.execute(
        text("SELECT chain, number, hash FROM audit_heads ORDER BY chain")).mappings()] if has_log else []
    return {"database": connection.dialect.name, "revision": revision, "rows": rows, "audit_heads": heads}


def _take_sqlite(engine: Engine, folder: Path) -> dict[str, Any]:
    target = folder / SQLITE_FILE
    with closing(sqlite3.connect(str(engine.url.database))) as source, closing(
            sqlite3.connect(target, isolation_level=None)) as copy:
        # In one step: the copy is what a reader saw at that moment, and writers do not wait for it.
        source.backup(copy, pages=-1)
        # One file, without the log that belongs to the running one.
        copy.execute("PRAGMA journal_mode=DELETE")
        # Written anew: neither free pages nor the indexes of words keep what was erased.
        copy.execute("PRAGMA secure_delete=ON")
        merge_word_indexes(copy)
        copy.execute("VACUUM")
    read = create_engine(f"sqlite:///{target}")
    with read.connect() as connection:
        found = facts(connection)
    read.dispose()
    return found


def _take_postgres(engine: Engine, folder: Path) -> dict[str, Any]:
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        found = facts(connection)
        # While this connection is open the tool sees the same moment.
        run_tool(engine, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
                 f"--file={folder / POSTGRES_FILE}")
    return found


def without_password(address: URL) -> str:
    """A database's or a server's address without its password, and without parameters that may be one."""
    query = {name: value for name, value in address.query.items() if not _SECRET_PARAMETER.search(name)}
    return URL.create(address.drivername, username=address.username, host=address.host, port=address.port,
                      database=address.database, query=query).render_as_string()


def run_tool(engine: Engine, name: str, *options: str) -> None:
    """Run one of PostgreSQL's own tools on the engine's database. Raises Conflict with its words where it fails."""
    address = urlsplit(engine.url.render_as_string(hide_password=False))
    # By the environment and not as an argument: every user of the machine can read arguments.
    environ = os.environ | {"PGPASSWORD": unquote(address.password or "")}
    target = without_password(engine.url.set(drivername="postgresql"))
    done = subprocess.run([_tool(name), f"--dbname={target}", *options], env=environ, capture_output=True, text=True,
                          check=False)
    if done.returncode:
        raise Conflict(f"{name} failed: {' '.join(done.stderr.split())[:500]}")


def _tool(name: str) -> str:
    """Debian keeps PostgreSQL's newer tools out of the path, one folder a version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise Conflict(f"{name} is not on this machine; install PostgreSQL's client tools.")
    return found
