"""Tables of summaries: lines with every wording and where it came from, reviews, minority positions, sign-offs and
published versions."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.agenda.models import ForumSession
from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now
from sigforum.kernel.loaded import mark
from sigforum.people.models import Person
from sigforum.summaries.domain import SummaryState, Wording
from sigforum.threads.models import Promised, Response


class SessionSummary(Model):
    """The summary of a forum session. `revision` grows with every change of its lines."""

    __tablename__ = "summaries"
    __table_args__ = (
        CheckConstraint("state IN ('drafted', 'edited', 'in_review', 'signed_off', 'published')",
                        name="state_is_known"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    forum_session_id: Mapped[int] = mapped_column(
        ForeignKey("forum_sessions.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(default=SummaryState.DRAFTED)
    revision: Mapped[int] = mapped_column(default=1)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # How many people were asked to review and sign, as of the last asking and then of its close. Whoever is removed or
    # erased since stays counted: a number that fell for those alone who had not signed would tell who had.
    asked: Mapped[int | None]
    # Why a published version is being corrected; printed in the next one.
    erratum: Mapped[str] = mapped_column(default="")

    forum_session: Mapped[ForumSession] = relationship(lazy="joined")
    lines: Mapped[list["Line"]] = relationship(
        order_by="Line.position, Line.id", cascade="all, delete-orphan", back_populates="summary")
    minority_positions: Mapped[list["MinorityPosition"]] = relationship(
        order_by="MinorityPosition.id", cascade="all, delete-orphan", back_populates="summary")
    sign_offs: Mapped[list["SignOff"]] = relationship(cascade="all, delete-orphan")
    versions: Mapped[list["PublishedVersion"]] = relationship(
        order_by="PublishedVersion.number", cascade="all, delete-orphan")

    @property
    def standing(self) -> list["Line"]:
        """The lines that stand in it now."""
        return [line for line in self.lines if line.retired_at is None]


class Line(Model):
    """A line of a summary: the answer, a statement, an open question or an action. Rows are never deleted: one
    that was removed, split or merged stays as the origin of others."""

    __tablename__ = "summary_lines"
    __table_args__ = (
        CheckConstraint("kind IN ('answer', 'statement', 'open_question', 'action')", name="kind_is_known"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summaries.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    position: Mapped[int]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    summary: Mapped[SessionSummary] = relationship(back_populates="lines")
    wordings: Mapped[list["LineWording"]] = relationship(
        order_by="LineWording.number", cascade="all, delete-orphan", lazy="selectin")
    sources: Mapped[list["LineSource"]] = relationship(
        order_by="LineSource.id", cascade="all, delete-orphan", lazy="selectin", foreign_keys="LineSource.line_id")
    reviews: Mapped[list["LineReview"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def wording(self) -> "LineWording":
        """The words in force."""
        return self.wordings[-1]


class LineWording(Model):
    """One version of a line's words."""

    __tablename__ = "summary_wordings"
    __table_args__ = (UniqueConstraint("line_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("summary_lines.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str]
    owner: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    # Null is the draft from the data.
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def words(self) -> Wording:
        """The words as a plain value."""
        return Wording(text=self.text, owner=self.owner, due_on=self.due_on)


class LineSource(Model):
    """What a line was made of: a response in the version it had, a poll's statement, or an earlier line."""

    __tablename__ = "summary_sources"
    __table_args__ = (
        CheckConstraint("(CASE WHEN response_id IS NULL THEN 0 ELSE 1 END + CASE WHEN option_id IS NULL "
                        "THEN 0 ELSE 1 END + CASE WHEN from_line_id IS NULL THEN 0 ELSE 1 END) = 1", name="one_source"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("summary_lines.id", ondelete="CASCADE"), index=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    response_revision: Mapped[int | None]
    option_id: Mapped[int | None] = mapped_column(ForeignKey("options.id", ondelete="CASCADE"))
    from_line_id: Mapped[int | None] = mapped_column(ForeignKey("summary_lines.id", ondelete="CASCADE"))
    # The wording of the earlier line that was taken.
    from_wording: Mapped[int | None]

    response: Mapped[Response | None] = relationship()


class LineReview(Promised, Model):
    """What a participant says of a line, in the wording that was read. A new wording is asked about again."""

    __tablename__ = "summary_reviews"
    __table_args__ = (CheckConstraint("stance IN ('approve', 'comment', 'dissent')", name="stance_is_known"),)
    line_id: Mapped[int] = mapped_column(ForeignKey("summary_lines.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    wording: Mapped[int]
    stance: Mapped[str]
    # The comment; the words of a dissent are a minority position.
    text: Mapped[str] = mapped_column(default="")
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    person: Mapped[Person] = relationship(lazy="joined")


class MinorityPosition(Model):
    """What some hold against the majority, in their own words; to a line, or to the summary as a whole."""

    __tablename__ = "minority_positions"
    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summaries.id", ondelete="CASCADE"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("summary_lines.id", ondelete="CASCADE"), index=True)
    # The wording of the line that was dissented from.
    wording: Mapped[int | None]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    summary: Mapped[SessionSummary] = relationship(back_populates="minority_positions")
    line: Mapped[Line | None] = relationship()
    author: Mapped[Person] = relationship(lazy="joined")
    holders: Mapped[list["MinorityHolder"]] = relationship(
        order_by="MinorityHolder.joined_at", cascade="all, delete-orphan", lazy="selectin")

    def is_held_by(self, person_id: int) -> bool:
        """Whether somebody stands behind it now; its author may have left it to others."""
        return any(holder.person_id == person_id for holder in self.holders)

    def is_held_by_others(self, person_id: int) -> bool:
        """Whether somebody else stands behind these words, so that they cannot be changed."""
        return any(holder.person_id != person_id for holder in self.holders)

    @property
    def mark(self) -> str:
        """A short hash of the words, by which whoever joins says what they read."""
        return mark(self.text)


class MinorityHolder(Promised, Model):
    """Somebody who holds a minority position; its author is the first."""

    __tablename__ = "minority_holders"
    position_id: Mapped[int] = mapped_column(
        ForeignKey("minority_positions.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    person: Mapped[Person] = relationship(lazy="joined")


class SignOff(Promised, Model):
    """Whether a participant is listed under the summary, and, apart from it, whether they may be quoted by name."""

    __tablename__ = "sign_offs"
    __table_args__ = (
        CheckConstraint("listing IN ('listed', 'with_reservations', 'not_listed')", name="listing_is_known"),
    )
    summary_id: Mapped[int] = mapped_column(ForeignKey("summaries.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    listing: Mapped[str]
    reservations: Mapped[str] = mapped_column(default="")
    may_be_quoted: Mapped[bool] = mapped_column(default=False)
    # The summary's revision that was signed: a later text is asked about again.
    revision: Mapped[int]
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    person: Mapped[Person] = relationship(lazy="joined")


class PublishedVersion(Model):
    """A summary as it was published. Rows are never changed: a correction is a new version."""

    __tablename__ = "published_versions"
    __table_args__ = (UniqueConstraint("summary_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summaries.id", ondelete="CASCADE"))
    number: Mapped[int]
    # The document as JSON, and its SHA-256.
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str]
    # The tally sheets that it rests on, by file name, so that it can be recounted however the votes go on.
    sheets: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    erratum: Mapped[str] = mapped_column(default="")
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # Set where a name was removed on request; `sha256` stays that of what was published.
    redacted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
