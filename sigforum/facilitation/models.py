"""The table of facilitation: what stands on a forum session's projector, and who leads."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.agenda.models import ForumSession
from sigforum.ballots.models import Poll
from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now
from sigforum.people.models import Person


class Stage(Model):
    """A forum session in the room: its short code, its projector, its leading facilitator."""

    __tablename__ = "stages"
    forum_session_id: Mapped[int] = mapped_column(
        ForeignKey("forum_sessions.id", ondelete="CASCADE"), primary_key=True)
    # Typed from the projector into a phone. It only routes: whoever is not invited gets nowhere with it.
    join_code: Mapped[str] = mapped_column(unique=True)
    # Of several facilitators the one whose keys act; null until somebody takes the lead.
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    # What the projector shows; null for the questions and priorities.
    poll_id: Mapped[int | None] = mapped_column(ForeignKey("polls.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    forum_session: Mapped[ForumSession] = relationship()
    lead: Mapped[Person | None] = relationship()
    poll: Mapped[Poll | None] = relationship()
