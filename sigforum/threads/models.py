"""Tables of threads: responses, their revisions, and how far each person has read."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.agenda.models import Question, QuestionWording
from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now
from sigforum.people.models import Person
from sigforum.threads.domain import Attribution, Promise, strictest


class Promised:
    """Words whose author was promised how they may be attributed: named, role or chatham, and the stakeholder group
    that may be told. Both stay as they are, wherever an agenda takes the question and whoever is put into another
    group."""

    # A writer that does not know of the rule promises the strictest.
    attribution: Mapped[str] = mapped_column(server_default=Attribution.CHATHAM)
    role_label: Mapped[str] = mapped_column(default="", server_default=text("''"))

    @property
    def promised(self) -> Promise:
        """What was promised, as a plain value."""
        return Promise(attribution=Attribution(self.attribution), label=self.role_label)


class Response(Promised, Model):
    """What somebody answered to a question, or replied to a response. Rows are never deleted."""

    __tablename__ = "responses"
    __table_args__ = (
        # A client that repeats a post it got no answer to repeats its key: one response, not two.
        UniqueConstraint("author_id", "key"),
        CheckConstraint("revision >= 1", name="revision_counts_from_1"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    forum_session_id: Mapped[int] = mapped_column(
        ForeignKey("forum_sessions.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    # The words that were answered; a question reworded later keeps showing them beside this response.
    wording_id: Mapped[int] = mapped_column(ForeignKey("question_wordings.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    key: Mapped[str]
    text: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_reason: Mapped[str] = mapped_column(default="")
    # Set while it is hidden because somebody flagged it and the chair has not decided yet.
    review_since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[Person] = relationship(lazy="joined")
    question: Mapped[Question] = relationship()
    wording: Mapped[QuestionWording] = relationship()
    revisions: Mapped[list["ResponseRevision"]] = relationship(
        order_by="ResponseRevision.number", cascade="all, delete-orphan")

    @property
    def rule_in_force(self) -> Attribution:
        """The stricter of what was promised and of the rule where it stands."""
        return strictest(self.attribution, self.question.forum_session.attribution)

    @property
    def is_standing(self) -> bool:
        """Whether it counts: neither withdrawn nor hidden."""
        return self.withdrawn_at is None and self.hidden_at is None


class ResponseRevision(Model):
    """One version of a response's text."""

    __tablename__ = "response_revisions"
    __table_args__ = (UniqueConstraint("response_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ResponseFlag(Model):
    """That somebody flagged a response to the chair. The room is never told who."""

    __tablename__ = "response_flags"
    __table_args__ = (
        # Nobody flags the same response twice, whatever the chair decided.
        UniqueConstraint("response_id", "flagged_by_id"),
        # One undecided flag a person in a forum session: nobody hides a whole discussion.
        Index("ix_response_flags_one_open", "forum_session_id", "flagged_by_id", unique=True,
              sqlite_where=text("decided_at IS NULL"), postgresql_where=text("decided_at IS NULL")),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    forum_session_id: Mapped[int] = mapped_column(ForeignKey("forum_sessions.id", ondelete="CASCADE"))
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"))
    flagged_by_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    reason: Mapped[str]
    flagged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    is_upheld: Mapped[bool | None]

    response: Mapped[Response] = relationship()


class ReadingMark(Model):
    """How far a person has read in a forum session."""

    __tablename__ = "reading_marks"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    forum_session_id: Mapped[int] = mapped_column(
        ForeignKey("forum_sessions.id", ondelete="CASCADE"), primary_key=True)
    last_response_id: Mapped[int] = mapped_column(default=0)
    # When the page last said that it was before somebody's eyes, polls included.
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
