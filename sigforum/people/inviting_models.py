"""Tables of inviting: the words of mails, calendars and what was told of them, and lists that are being taken in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now


class MailWording(Model):
    """One version of the words of a meeting's mail. Never changed: a queued mail says what was reviewed."""

    __tablename__ = "mail_wordings"
    __table_args__ = (UniqueConstraint("meeting_id", "kind", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    kind: Mapped[str]
    number: Mapped[int]
    subject: Mapped[str]
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class MeetingCalendar(Model):
    """A meeting's time zone and the hours of its slots, for the calendars of those invited."""

    __tablename__ = "meeting_calendars"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    time_zone: Mapped[str] = mapped_column(default="")
    # {"1.2": ["09:00", "10:30"]}: day and slot as they stand on the agenda, counted from 1.
    hours: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class CalendarEntry(Model):
    """What a person's calendar was last told of one event; its number must grow whenever the event changes."""

    __tablename__ = "calendar_entries"
    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    # The event as it was told, to see whether it has changed and to cancel it with its own words.
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_cancelled: Mapped[bool] = mapped_column(default=False)


class ListImport(Model):
    """A long list that the worker takes in, piece by piece; a killed worker goes on where it stopped."""

    __tablename__ = "list_imports"
    __table_args__ = (CheckConstraint("state IN ('queued', 'done', 'failed')", name="state_is_known"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    sends_mail: Mapped[bool]
    state: Mapped[str] = mapped_column(default="queued", index=True)
    done_rows: Mapped[int] = mapped_column(default=0)
    total_rows: Mapped[int]
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
