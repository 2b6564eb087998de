"""How the application talks to SQLite: durable, with foreign keys, and writers that queue."""

from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event

from sigforum.extensions import db

WRITE = {"sigforum_write": True}
# How the indexes of words are named: tables of SQLite's own on the one database, indexes on the other. No model has
# them; docs/adr/0020 says why.
WORDS = "search_"


def is_of_models(name: str | None, kind: str, _parents: object = None) -> bool:
    """Whether a table or an index of the database is one that the models describe."""
    return kind not in ("table", "index") or not (name or "").startswith(WORDS)


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
        # What is deleted is written over with zeros: an erased word must not stay in a free page.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000",
                       "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that later writes would fail with "database is locked"; writers say so at once.
        writes = connection.get_execution_options().get("sigforum_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
