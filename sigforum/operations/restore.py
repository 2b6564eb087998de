"""Restore: a backup checked file by file, put in place, migrated up, and its audit log read again."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, text

from sigforum.audit import queries as audit
from sigforum.database import WRITE
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict
from sigforum.migrating import upgrade
from sigforum.operations.archive_file import read_archive, seal_key
from sigforum.operations.database_objects import database_objects, differing
from sigforum.operations.snapshot import POSTGRES_FILE, SQLITE_FILE, facts, run_tool
from sigforum.settings import Settings

Put = Callable[[Path], None]
Undo = Callable[[], None]


def restore_backup(source: Path, settings: Settings, *, replace: bool, accepts_unsealed: bool = False,
                   ) -> dict[str, Any]:
    """Put a backup in place of what is there; its manifest.

    Raises Invalid where the backup is not sealed by this installation and `accepts_unsealed` is off; Conflict where
    something is there and `replace` is off, where the backup is of the other kind of database, or where what came back
    is not what was backed up, or not what the migrations make. Then everything is as it was before.
    """
    settings.instance.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.instance, prefix=".restore-") as place:
        folder = Path(place)
        manifest = read_archive(source, folder, seal_key=seal_key(settings.secret_key),
                                accepts_unsealed=accepts_unsealed)
        engine = db.engine
        if manifest["database"] != engine.dialect.name:
            raise Conflict(f"The backup is of {manifest['database']}, and the settings name {engine.dialect.name}.")
        if not replace and _holds_something(engine, settings):
            raise Conflict("There is a database already. Stop sigforum and restore with --replace; "
                           "what is there now is then kept beside it until the restore has succeeded.")
        db.session.remove()
        put, undo, finish = (_make_room_sqlite if engine.dialect.name == "sqlite" else _make_room_postgres)(engine)
        try:
            expected = _fresh_objects(engine)
            put(folder)
            _check(manifest)
            upgrade()
            _check_objects(expected)
            _check_audit()
        except BaseException:
            _let_go()
            undo()
            raise
        _let_go()
        finish()
        _put_exports(folder / "exports", settings.instance / "exports")
    return manifest


def _holds_something(engine: Engine, settings: Settings) -> bool:
    if engine.dialect.name == "sqlite":
        # Asking the database would make the file.
        return Path(str(engine.url.database)).exists()
    with engine.connect() as connection:
        return bool(inspect(connection).get_table_names())


def _check(manifest: dict[str, Any]) -> None:
    """Every row that was counted at the backup is here again, and the database says that it is whole."""
    with db.engine.connect() as connection:
        found = facts(connection)
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA integrity_check")).scalars().all()
            orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken != ["ok"] or orphans:
                raise Conflict(f"The restored database is damaged: {broken[:3]} {len(orphans)} rows without parents.")
    for name in ("revision", "rows", "audit_heads"):
        if found[name] != manifest[name]:
            raise Conflict(f"What came back is not what was backed up: {name} differ. Nothing was restored.")


def _check_audit() -> None:
    problems = [f"chain {chain}: {problem}" for chain in audit.chains() for problem in audit.problems(chain)]
    db.session.remove()
    if problems:
        raise Conflict(f"The backup's audit log does not hold, so nothing was restored: {'; '.join(problems[:5])}")


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def _make_room_sqlite(engine: Engine) -> tuple[Put, Undo, Undo]:
    """Set the file that is there aside; how to put a backup in its place, to undo that, and to finish it."""
    engine.dispose()
    target = Path(str(engine.url.database))
    aside = target.with_name(f"{target.name}.before-{now():%Y%m%dT%H%M%S}")
    is_there = target.exists()
    if is_there:
        with closing(sqlite3.connect(target)) as old:
            # What stands in the log alone would be lost with it.
            if old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise Conflict("The database is in use. Stop the web process and the worker, then restore.")
        target.rename(aside)
    _remove_log(target)

    def put(folder: Path) -> None:
        engine.dispose()
        _remove_log(target)
        shutil.copy2(folder / SQLITE_FILE, target)

    def undo() -> None:
        target.unlink(missing_ok=True)
        _remove_log(target)
        if is_there:
            aside.rename(target)

    return put, undo, lambda: aside.unlink(missing_ok=True)


def _remove_log(target: Path) -> None:
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)


def _make_room_postgres(engine: Engine) -> tuple[Put, Undo, Undo]:
    """The same with schemas: the old one steps aside under another name."""
    aside = f"before_{now():%Y%m%dT%H%M%S}".lower()
    _execute(engine, f"ALTER SCHEMA public RENAME TO {aside}", "CREATE SCHEMA public")

    def put(folder: Path) -> None:
        _execute(engine, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        engine.dispose()
        run_tool(engine, "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
                 "--schema=public", str(folder / POSTGRES_FILE))

    def undo() -> None:
        _execute(engine, "DROP SCHEMA public CASCADE", f"ALTER SCHEMA {aside} RENAME TO public")

    return put, undo, lambda: _execute(engine, f"DROP SCHEMA {aside} CASCADE")


def _fresh_objects(engine: Engine) -> Mapping[str, str]:
    """What the migrations make in an empty database, made where the backup will be."""
    upgrade()
    objects = database_objects(engine)
    _let_go()
    return objects


def _check_objects(expected: Mapping[str, str]) -> None:
    wrong = differing(database_objects(db.engine), expected)
    if wrong:
        raise Conflict("The backup's database is not made as sigforum makes it, so nothing was restored: "
                       f"{', '.join(wrong[:5])}.")


def _execute(engine: Engine, *statements: str) -> None:
    with engine.connect().execution_options(**WRITE, isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))


def _put_exports(source: Path, target: Path) -> None:
    """Exactly the files that the restored rows speak of."""
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target)
