"""Asking for the removal of traces."""

from sqlalchemy import text

from sigforum.extensions import db
from sigforum.traces.domain import Kind
from sigforum.traces.jobs import wake_removal
from sigforum.traces.models import TraceRemoval
from sigforum.transaction import running_transaction


def ask_removal(kind: Kind) -> None:
    """Have the bytes of what the running transaction deletes removed from the database's files after its commit."""
    number: str | None = None
    if db.session.connection().dialect.name == "postgresql":
        number = db.session.scalar(text("SELECT pg_current_xact_id()::xid::text"))
    db.session.add(TraceRemoval(kind=kind, transaction_number=number))
    running_transaction().after_commit(wake_removal)
