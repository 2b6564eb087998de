"""The table of places as they were: what somebody was in a session before their role, sessions or group changed."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sigforum.extensions import Model, UtcDateTime


class EarlierPlace(Model):
    """What somebody was in one forum session until a moment. Never changed: the counts of those ever invited, and who
    ran a session, are read from it, whatever the person is by now."""

    __tablename__ = "earlier_places"
    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id", ondelete="CASCADE"), index=True)
    forum_session_id: Mapped[int] = mapped_column(ForeignKey("forum_sessions.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    stakeholder_group: Mapped[str] = mapped_column(default="")
    # How far the invitation had come when the place ended, with its moments.
    status: Mapped[str]
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
