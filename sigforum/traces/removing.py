"""Removing traces from the database's files, in short steps that give way to everybody who writes.

A deleted row leaves its bytes behind. SQLite keeps the pages of every commit in its write-ahead log, and deleted words
in its index of words until parts are merged. PostgreSQL keeps the old row, with the number of the transaction that
wrote it, until the table is written anew.
"""

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Row, delete, select

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.traces import on_postgresql, on_sqlite
from sigforum.traces.domain import Kind
from sigforum.traces.models import TraceRemoval
from sigforum.transaction import transaction

# How often, and how long apart, it is tried before it is left to the next minute's sweep.
_TRIES, _SECONDS_APART = 40, 0.25
# Somebody who reads for so long keeps bytes in the files, and the operator has to know.
_LATE = timedelta(minutes=10)
_turn = threading.Lock()


def remove_waiting() -> bool:
    """Remove the traces that wait, unless another thread is about it; whether none are left that waited."""
    with _turn:
        for _ in range(_TRIES):
            waiting = _waiting()
            if not waiting:
                return True
            if _remove(waiting):
                with transaction():
                    db.session.execute(delete(TraceRemoval).where(TraceRemoval.id.in_(
                        [removal.id for removal in waiting])))
            else:
                time.sleep(_SECONDS_APART)
        _complain()
        return False


def _waiting() -> Sequence[Row[int, str, datetime, str | None]]:
    """Rows of (id, kind, asked_at, transaction_number), the oldest first."""
    waiting = db.session.execute(select(
        TraceRemoval.id, TraceRemoval.kind, TraceRemoval.asked_at, TraceRemoval.transaction_number)
        .order_by(TraceRemoval.id)).all()
    # A transaction of our own would be a reader, for whom the old state is kept.
    db.session.rollback()
    return waiting


def _remove(waiting: Sequence[Row[int, str, datetime, str | None]]) -> bool:
    kinds = {Kind(removal.kind) for removal in waiting}
    if db.engine.dialect.name == "sqlite":
        return on_sqlite.remove(str(db.engine.url.database), kinds)
    return on_postgresql.remove(db.engine, kinds, [removal.transaction_number for removal in waiting
                                                   if removal.transaction_number is not None])


def _complain() -> None:
    waiting = _waiting()
    if waiting and waiting[0].asked_at < now() - _LATE:
        current_app.logger.warning(
            "Deleted data is still in the database's files since %s: something has been reading the database without "
            "a pause. Look for a long transaction, a backup or a replication slot.", waiting[0].asked_at.isoformat())
