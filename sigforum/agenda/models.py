"""Tables of the agenda: meetings, days, slots, forum sessions, questions and their wordings."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.agenda.domain import ForumSessionState, MeetingState
from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now


class Meeting(Model):
    """A meeting, with everything below it."""

    __tablename__ = "meetings"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    intro: Mapped[str | None]
    start_on: Mapped[date | None]
    end_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default=MeetingState.OPEN)
    # Invented people and discussion, marked as such on every page and in every export.
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    days: Mapped[list["Day"]] = relationship(
        order_by="Day.position", cascade="all, delete-orphan", back_populates="meeting")
    faqs: Mapped[list["Faq"]] = relationship(order_by="Faq.position", cascade="all, delete-orphan")
    # Those on the agenda now; removed ones keep their threads and are reached by their code.
    forum_sessions: Mapped[list["ForumSession"]] = relationship(
        primaryjoin="and_(Meeting.id == ForumSession.meeting_id, ForumSession.removed_at.is_(None))",
        order_by="ForumSession.position", viewonly=True)


class Faq(Model):
    """A question about the meeting itself; the answer may still be missing."""

    __tablename__ = "faqs"
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    question: Mapped[str]
    answer: Mapped[str | None]


class Day(Model):
    """A day of a meeting."""

    __tablename__ = "days"
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(default="")
    held_on: Mapped[date | None]

    meeting: Mapped[Meeting] = relationship(back_populates="days")
    slots: Mapped[list["Slot"]] = relationship(
        order_by="Slot.position", cascade="all, delete-orphan", back_populates="day")


class Slot(Model):
    """A stretch of a day that holds forum sessions."""

    __tablename__ = "slots"
    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("days.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(default="")

    day: Mapped[Day] = relationship(back_populates="slots")
    forum_sessions: Mapped[list["ForumSession"]] = relationship(
        primaryjoin="and_(Slot.id == ForumSession.slot_id, ForumSession.removed_at.is_(None))",
        order_by="ForumSession.position", viewonly=True)


class ForumSession(Model):
    """One session of the agenda. An import that drops it sets `removed_at`; it is never deleted."""

    __tablename__ = "forum_sessions"
    __table_args__ = (UniqueConstraint("meeting_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slots.id", ondelete="SET NULL"), index=True)
    position: Mapped[int]
    code: Mapped[str]
    title: Mapped[str]
    theme: Mapped[str | None]
    modality: Mapped[str | None]
    modalities: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(default=ForumSessionState.PLANNED)
    # named, role or chatham: how what is said here may be attributed.
    attribution: Mapped[str] = mapped_column(default="named")
    # When it came onto the agenda for the first time; null where that was before it was kept and nothing says it.
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When it was closed last; null while it goes on, and where that was before it was kept.
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    meeting: Mapped[Meeting] = relationship()
    slot: Mapped[Slot | None] = relationship()
    questions: Mapped[list["Question"]] = relationship(
        order_by="Question.position", cascade="all, delete-orphan", back_populates="forum_session")

    @property
    def asked(self) -> list["Question"]:
        """The questions on the agenda now, the central one first."""
        return [question for question in self.questions if question.retired_at is None]

    @property
    def central_question(self) -> "Question | None":
        """The central question, where there is one."""
        return next((question for question in self.asked if question.is_central), None)


class Question(Model):
    """A question and its thread. Its words may change; the thread stays, and so does each earlier wording."""

    __tablename__ = "questions"
    id: Mapped[int] = mapped_column(primary_key=True)
    forum_session_id: Mapped[int] = mapped_column(
        ForeignKey("forum_sessions.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    is_central: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    forum_session: Mapped[ForumSession] = relationship(back_populates="questions")
    wordings: Mapped[list["QuestionWording"]] = relationship(
        order_by="QuestionWording.number", cascade="all, delete-orphan", lazy="selectin",
        back_populates="question")

    @property
    def wording(self) -> "QuestionWording":
        """The words in force."""
        return self.wordings[-1]

    @property
    def text(self) -> str:
        """The question as it is asked now."""
        return self.wording.text


class QuestionWording(Model):
    """One version of a question's words."""

    __tablename__ = "question_wordings"
    __table_args__ = (UniqueConstraint("question_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    question: Mapped[Question] = relationship(back_populates="wordings")
