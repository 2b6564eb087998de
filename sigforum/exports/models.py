"""The table of exports: files asked for, being made, and made."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.agenda.models import ForumSession, Meeting
from sigforum.exports.domain import ExportState
from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now


class ExportJob(Model):
    """One file somebody asked for. The row says what is to be done; the queue only wakes the worker."""

    __tablename__ = "export_jobs"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'expired')",
                        name="state_is_known"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    # Null is the whole meeting.
    forum_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("forum_sessions.id", ondelete="CASCADE"), index=True)
    format: Mapped[str]
    state: Mapped[str] = mapped_column(default=ExportState.QUEUED, index=True)
    # Which time it was queued: a worker whose export was cancelled and asked for again finds another number here.
    attempt: Mapped[int] = mapped_column(default=1)
    # The line is served in this order.
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    done_steps: Mapped[int] = mapped_column(default=0)
    total_steps: Mapped[int] = mapped_column(default=1)
    # What is being done now, in words for the person who waits.
    step: Mapped[str] = mapped_column(default="")
    file_name: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A finished file is kept until then, whatever the setting becomes meanwhile.
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    meeting: Mapped[Meeting] = relationship()
    forum_session: Mapped[ForumSession | None] = relationship(lazy="joined")

    @property
    def subject(self) -> str:
        """What the file is about, in words."""
        return f"Session {self.forum_session.code}" if self.forum_session else "Whole meeting"
