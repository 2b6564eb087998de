"""The table of traces that wait to be removed."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now


class TraceRemoval(Model):
    """Something was deleted whose bytes may still lie in the database's files. The row goes when they are gone."""

    __tablename__ = "trace_removals"
    id: Mapped[int] = mapped_column(primary_key=True)
    # One of domain.Kind.
    kind: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # PostgreSQL's number of the transaction that deleted it: until nobody reads an older state, the old rows stay.
    transaction_number: Mapped[str | None]
