"""Tables of digests: how often each member wants mail, when daily mails go out, and what a queued mail is about."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.digests.domain import DEFAULT_HOUR, DEFAULT_PACE
from sigforum.extensions import Model, UtcDateTime
from sigforum.people.models import Membership, OutgoingMail


class DigestChoice(Model):
    """How often a member wants mail about what is new, and how far the mails have told it."""

    __tablename__ = "digest_choices"
    __table_args__ = (
        CheckConstraint("pace IN ('never', 'daily', 'at_once')", name="pace_is_known"),
        CheckConstraint("pace_before IN ('daily', 'at_once')", name="pace_before_is_known"),
    )
    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id", ondelete="CASCADE"), primary_key=True)
    pace: Mapped[str] = mapped_column(default=DEFAULT_PACE)
    # What a mail's own link has stopped, so that the same link can undo it; null where it was chosen on the page.
    pace_before: Mapped[str | None]
    # The number of the newest entry of the meeting's log that a mail was, or need not be, made of.
    told_up_to: Mapped[int]
    # When it was last asked whether there is something to tell daily; for "at once", when the last mail was queued.
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    membership: Mapped[Membership] = relationship()


class DigestHour(Model):
    """The hour at which a meeting's daily mails go out, where its organizer has chosen one."""

    __tablename__ = "digest_hours"
    __table_args__ = (CheckConstraint("hour BETWEEN 0 AND 23", name="hour_is_of_a_day"),)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[int] = mapped_column(default=DEFAULT_HOUR)


class DigestWindow(Model):
    """The stretch of the meeting's log that a queued mail is about. Its words are made when it is sent."""

    __tablename__ = "digest_windows"
    __table_args__ = (CheckConstraint("after_number <= up_to_number", name="window_is_no_hole"),)
    mail_id: Mapped[int] = mapped_column(ForeignKey("outgoing_mails.id", ondelete="CASCADE"), primary_key=True)
    after_number: Mapped[int]
    up_to_number: Mapped[int]

    mail: Mapped[OutgoingMail] = relationship()
