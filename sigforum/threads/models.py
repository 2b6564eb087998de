"""Tables of threads: responses, their revisions, and how far each person has read."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.agenda.models import Question, QuestionWording
from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now
from sigforum.people.models import Person


class Response(Model):
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

    author: Mapped[Person] = relationship(lazy="joined")
    question: Mapped[Question] = relationship()
    wording: Mapped[QuestionWording] = relationship()
    revisions: Mapped[list["ResponseRevision"]] = relationship(
        order_by="ResponseRevision.number", cascade="all, delete-orphan")

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


class ReadingMark(Model):
    """How far a person has read in a forum session."""

    __tablename__ = "reading_marks"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    forum_session_id: Mapped[int] = mapped_column(
        ForeignKey("forum_sessions.id", ondelete="CASCADE"), primary_key=True)
    last_response_id: Mapped[int] = mapped_column(default=0)
