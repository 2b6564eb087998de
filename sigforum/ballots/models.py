"""Tables of ballots: polls, options, rounds, votes and every change of a vote, secret ballots, deviations."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.agenda.models import ForumSession
from sigforum.ballots.domain import (
    FEWEST_HIDDEN_BALLOTS,
    GRACE_SECONDS,
    PaperOption,
    PollState,
    Secrecy,
    Terms,
    Visibility,
)
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
    deviations: Mapped[list["Deviation"]] = relationship(order_by="Deviation.id", cascade="all, delete-orphan")

    @property
    def round(self) -> "Round | None":
        """The newest round, if one was opened yet."""
        return self.rounds[-1] if self.rounds else None

    @property
    def terms(self) -> Terms:
        """What the next round would ask, and how it would be judged."""
        return Terms(
            kind=self.kind, title=self.title, settings=self.settings, rule=self.rule,
            secrecy=Secrecy(self.secrecy), visibility=Visibility(self.visibility), least_told=self._least_told,
            options=tuple(PaperOption(key=f"o{option.id}", text=option.text, since_round=option.since_round)
                          for option in self.options if option.until_round is None))


    @property
    def _least_told(self) -> int:
        """What the poll's first round promised stays; before it nothing was."""
        if self.rounds:
            return self.rounds[-1].frozen.least_told
        return 0 if self.secrecy == Secrecy.OPEN else FEWEST_HIDDEN_BALLOTS


class Option(Model):
    """A statement to vote on, where the options are not the session's responses."""

    __tablename__ = "options"
    __table_args__ = (UniqueConstraint("poll_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str]
    # The first round that asked it; later than 1 is marked on every ballot and in every report.
    since_round: Mapped[int] = mapped_column(default=1)
    # The last round that asked it, where later ones leave it out. New words are a new option: a vote belongs
    # to the words that were voted on.
    until_round: Mapped[int | None]


class Round(Model):
    """One time of asking. `version` grows with every committed vote, so that newer tallies beat older ones.

    `terms` is all that was frozen when it opened: what was asked, how it is judged, who sees what. Results are
    counted by the terms of their own round, whatever was changed for later ones.
    """

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("poll_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"))
    number: Mapped[int]
    version: Mapped[int] = mapped_column(default=0)
    # Up to which change a watched result is counted, and where its next step will end; see `ballots/watched.py`.
    shown_change_id: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    held_change_id: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Who could have answered, as it stood when the round closed.
    invited: Mapped[int | None]
    entitled: Mapped[int | None]
    recused: Mapped[int | None]
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # SHA-256 of the terms.
    terms_hash: Mapped[str] = mapped_column(default="")
    # [{"key", "text"}] as they stood at the close, where the options are responses that go on changing.
    options_at_close: Mapped[list[dict[str, str]] | None] = mapped_column(JSON)
    # The ratings of each option by stakeholder group, where the rule asks each group; never told as they are.
    groups_at_close: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # The timer, by the server's clock: a vote counts until `ends_at` and the grace after it.
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    grace_seconds: Mapped[int] = mapped_column(default=GRACE_SECONDS)
    nudged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whether voters saw the group's earlier result while they voted.
    had_feedback: Mapped[bool] = mapped_column(default=False)

    poll: Mapped[Poll] = relationship(back_populates="rounds")

    @property
    def frozen(self) -> Terms:
        """What this round asked, and how it is judged."""
        return Terms.from_json(self.terms)

    @property
    def last_moment(self) -> datetime | None:
        """Until when a vote counts, the grace included; None without a timer."""
        return self.ends_at + timedelta(seconds=self.grace_seconds) if self.ends_at else None


class Vote(Model):
    """A person's ballot in a round: exactly one row, whatever arrives twice or at the same moment."""

    __tablename__ = "votes"
    __table_args__ = (UniqueConstraint("round_id", "code"),)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    # The voter's receipt: under this code, and no name, the ballot stands in the published tally sheet.
    code: Mapped[str]


class VoteChange(Model):
    """Every version of every ballot. The key is the client's: a repeated one changes nothing."""

    __tablename__ = "vote_changes"
    __table_args__ = (
        # The key comes first: by it a batch of votes finds what is stored already.
        UniqueConstraint("key", "person_id", "round_id"),
        UniqueConstraint("round_id", "person_id", "revision"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    key: Mapped[str]
    revision: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Participation(Model):
    """That a person voted in a secret round, and nothing else: no time, no number, no place in an order."""

    __tablename__ = "participations"
    # Without a rowid the rows lie in the order of their keys; a rowid would tell who voted after whom.
    __table_args__ = ({"sqlite_with_rowid": False},)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)


class SecretBallot(Model):
    """A ballot that names nobody. Its code is the voter's receipt, and the only way to find it."""

    __tablename__ = "secret_ballots"
    __table_args__ = ({"sqlite_with_rowid": False},)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)


class LateVote(Model):
    """A person whose vote came after the end and was refused; counted, so that a report can say how many."""

    __tablename__ = "late_votes"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)


class Recusal(Model):
    """That somebody does not vote because of an interest: in a whole forum session, or in one poll. Rows are never
    deleted; one that was taken back still holds for the rounds that closed before."""

    __tablename__ = "recusals"
    id: Mapped[int] = mapped_column(primary_key=True)
    forum_session_id: Mapped[int] = mapped_column(
        ForeignKey("forum_sessions.id", ondelete="CASCADE"), index=True)
    # Null is every poll of the forum session, the priorities included.
    poll_id: Mapped[int | None] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    # The person, or whoever chairs the forum session.
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    reason: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    poll: Mapped[Poll | None] = relationship()


class Deviation(Model):
    """Something frozen that was changed between two rounds, and why. Rows are only ever added."""

    __tablename__ = "deviations"
    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"), index=True)
    # The first round that the change holds for.
    from_round: Mapped[int]
    field: Mapped[str]
    before: Mapped[Any] = mapped_column(JSON)
    after: Mapped[Any] = mapped_column(JSON)
    reason: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
