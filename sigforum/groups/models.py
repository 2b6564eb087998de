"""The table of what was counted of groups in each revealed round."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sigforum.ballots.models import Round
from sigforum.extensions import Model, UtcDateTime
from sigforum.kernel.clock import now


class GroupReport(Model):
    """What is told of groups in one round, counted once when it is revealed.

    Kept as it was then: counted again after somebody changed groups, the difference would tell how they voted.
    """

    __tablename__ = "group_reports"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    # The version of the round whose votes were counted.
    round_version: Mapped[int]
    # `groups.domain.DeclaredGroups` as plain values; null for kinds without such a table.
    declared: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # The report of `consensus/opinion`; null while nobody has looked, and where nobody is to look.
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # Whether the worker is to look for groups in the votes.
    is_waiting: Mapped[bool] = mapped_column(default=False, index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    found_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    round: Mapped[Round] = relationship()
