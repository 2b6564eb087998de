"""The audit log: one row for each thing somebody did, each sealed with the hash of the one before it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sigforum.audit.domain import Noted
from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now


class AuditEntry(Model):
    """Who did what to what. Rows are only ever added; `audit/domain.py` says what their hashes cover."""

    __tablename__ = "audit_entries"
    __table_args__ = (UniqueConstraint("chain", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    verb: Mapped[str]
    subject: Mapped[str]
    # Empty where it was struck out for the sake of somebody's data; its hash stays.
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # The meeting's id, or 0 for what belongs to no meeting: each is a chain of its own.
    chain: Mapped[int]
    # Without a gap from 1 on.
    number: Mapped[int]
    detail_hash: Mapped[str]
    hash: Mapped[str]
    struck_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # "card" where a door card had signed the browser in; empty else. It is no part of the hash, which organizers hold:
    # they could try it out there, and find whose an entry is that names nobody.
    through: Mapped[str] = mapped_column(default="", server_default=text("''"))

    @property
    def noted(self) -> Noted:
        """What the hash covers."""
        return Noted(chain=self.chain, number=self.number, happened_at=self.happened_at, actor_id=self.actor_id,
                     verb=self.verb, subject=self.subject, detail_hash=self.detail_hash)


class AuditHead(Model):
    """The newest entry of a chain; its row lock puts concurrent writers in one order."""

    __tablename__ = "audit_heads"
    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(default="")
