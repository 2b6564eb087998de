"""SQLite: deleted words leave the indexes of words, and the write-ahead log is emptied."""

import sqlite3
import time
from collections.abc import Collection
from contextlib import closing

from sigforum.traces.domain import Kind

# Whoever reads an older state is waited for no longer than this, because writers wait meanwhile.
_PATIENCE_SECONDS = 0.05
# So many pages of an index are merged in one go, and then others may write.
_PAGES = 64
_PAUSE_SECONDS = 0.01


def remove(path: str, kinds: Collection[Kind]) -> bool:
    """Remove the traces from a database file and its log; False where somebody reads or writes just now."""
    with closing(sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        try:
            if Kind.ERASURE in kinds:
                merge_word_indexes(connection)
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
    return not busy


def merge_word_indexes(connection: sqlite3.Connection) -> None:
    """Merge the parts of every index of words into one, which drops the words of deleted rows; step by step.
    Raises sqlite3.OperationalError where others write for too long."""
    names = [name for name, in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5(%'")]
    for name in names:
        # A negative number says that all parts belong together; each further call does so many pages of that.
        pages = -_PAGES
        while _merge(connection, name, pages):
            pages = _PAGES
            time.sleep(_PAUSE_SECONDS)


def _merge(connection: sqlite3.Connection, name: str, pages: int) -> bool:
    """Merge some pages of an index; whether there may be more to do. Names come from the database's own list."""
    before = connection.total_changes
    connection.execute(f"INSERT INTO \"{name}\" (\"{name}\", rank) VALUES ('merge', ?)", (pages,))
    # SQLite's documentation: one change alone is the command itself.
    return connection.total_changes - before >= 2
