"""Tables of retention: how long a meeting keeps its people's data, and what was purged."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.agenda.models import Meeting
from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now


class RetentionRule(Model):
    """How many days after its end a meeting keeps personal data; without a row it keeps them."""

    __tablename__ = "retention_rules"
    __table_args__ = (CheckConstraint("days >= 1", name="days_are_some"),)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    days: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    meeting: Mapped[Meeting] = relationship()


class PurgeCertificate(Model):
    """That a meeting's personal data were removed, in counts. Rows are only ever added."""

    __tablename__ = "purge_certificates"
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    # The certificate as canonical JSON, and its SHA-256.
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str]
    purged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    meeting: Mapped[Meeting] = relationship()
