"""How the application talks to SQLite: durable, with foreign keys, and writers that queue."""

from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event

from sigforum.extensions import db

WRITE = {"sigforum_write": True}


def bind(app: Flask) -> None:
    """Set up the engine of this application's database."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        _set_up_sqlite(engine)


def _set_up_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling begins too late for BEGIN IMMEDIATE; it is switched off.
        connection.isolation_level = None
        cursor = connection.cursor()
        # FULL syncs each commit to disk: an acknowledged vote must survive a power cut.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that later writes would fail with "database is locked"; writers say so at once.
        writes = connection.get_execution_options().get("sigforum_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
