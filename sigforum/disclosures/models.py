"""Tables of what comes before taking part: interests, the rules of entry, notices and acknowledgements."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sigforum.disclosures.domain import Declared, Stance
from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now


class Disclosure(Model):
    """One version of what somebody declares, for a whole meeting or for one forum session. Rows are only ever added:
    what was declared when stays known."""

    __tablename__ = "disclosures"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id", "number"),
        CheckConstraint("stance IN ('interests', 'nothing', 'as_meeting')", name="stance_is_known"),
        CheckConstraint("stance <> 'as_meeting' OR forum_session_id IS NOT NULL", name="meeting_stands_alone"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    # Null is the whole meeting.
    forum_session_id: Mapped[int | None] = mapped_column(ForeignKey("forum_sessions.id", ondelete="CASCADE"))
    # Counts a person's versions in a meeting, whatever they are about.
    number: Mapped[int]
    stance: Mapped[str]
    financial: Mapped[str] = mapped_column(default="")
    advocacy: Mapped[str] = mapped_column(default="")
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def declared(self) -> Declared:
        """What it says, as a plain value."""
        return Declared(stance=Stance(self.stance), financial=self.financial, advocacy=self.advocacy)


class EntryRule(Model):
    """Whether people of a meeting acknowledge its rules before they take part. A meeting without a row asks nobody."""

    __tablename__ = "entry_rules"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    is_on: Mapped[bool] = mapped_column(default=True)


class Notice(Model):
    """One version of a meeting's competition-law notice."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Acknowledgement(Model):
    """That somebody has read the rules of a forum session: when, in which words, and under which attribution. Beside
    it, and asked apart, whether they may be listed and quoted in what is published."""

    __tablename__ = "acknowledgements"
    forum_session_id: Mapped[int] = mapped_column(
        ForeignKey("forum_sessions.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    acknowledged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    notice_number: Mapped[int]
    notice_hash: Mapped[str]
    attribution: Mapped[str]
    may_be_listed: Mapped[bool] = mapped_column(default=False)
    may_be_quoted: Mapped[bool] = mapped_column(default=False)
