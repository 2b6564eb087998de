"""Tables of ballots: polls, options, rounds, votes and every change of a vote."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.agenda.models import ForumSession
from sigforum.ballots.domain import PollState, Secrecy, Visibility
from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now


class Poll(Model):
    """A question put to the vote. What it asks and how it is judged freezes when round 1 opens."""

    __tablename__ = "polls"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'open', 'closed', 'revealed', 'decided')", name="state_is_known"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    forum_session_id: Mapped[int] = mapped_column(
        ForeignKey("forum_sessions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    # The one poll of priorities that every forum session has from the start.
    is_standing: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # {"name", "params"} of a rule of sigforum.consensus, or null where the kind takes none.
    rule: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    secrecy: Mapped[str] = mapped_column(default=Secrecy.CONFIDENTIAL)
    visibility: Mapped[str] = mapped_column(default=Visibility.AFTER_REVEAL)
    state: Mapped[str] = mapped_column(default=PollState.DRAFT)
    # SHA-256 of all that froze at the first opening.
    frozen_hash: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    forum_session: Mapped[ForumSession] = relationship()
    options: Mapped[list["Option"]] = relationship(
        order_by="Option.position", cascade="all, delete-orphan")
    rounds: Mapped[list["Round"]] = relationship(
        order_by="Round.number", cascade="all, delete-orphan", back_populates="poll")

    @property
    def round(self) -> "Round | None":
        """The newest round, if one was opened yet."""
        return self.rounds[-1] if self.rounds else None


class Option(Model):
    """A statement to vote on, where the options are not the session's responses."""

    __tablename__ = "options"
    __table_args__ = (UniqueConstraint("poll_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str]


class Round(Model):
    """One time of asking. `version` grows with every committed vote, so that newer tallies beat older ones."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("poll_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"))
    number: Mapped[int]
    version: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Who could have answered, as it stood when the round closed.
    invited: Mapped[int | None]
    entitled: Mapped[int | None]

    poll: Mapped[Poll] = relationship(back_populates="rounds")


class Vote(Model):
    """A person's ballot in a round: exactly one row, whatever arrives twice or at the same moment."""

    __tablename__ = "votes"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class VoteChange(Model):
    """Every version of every ballot. The key is the client's: a repeated one changes nothing."""

    __tablename__ = "vote_changes"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id", "key"),
        UniqueConstraint("round_id", "person_id", "revision"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    key: Mapped[str]
    revision: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)
