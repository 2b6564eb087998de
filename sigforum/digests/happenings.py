"""What has happened in a meeting, read from its log: the log is numbered without a gap in the order of the commits, so
that nothing falls between two mails, and it knows who did what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from sigforum.audit.models import AuditEntry
from sigforum.extensions import db

SAID = frozenset({"response_posted"})
POLLS = frozenset({"poll_open", "poll_reveal", "poll_decide"})
SUMMARIES = frozenset({"summary_ask_review", "summary_publish"})
NEWS = SAID | POLLS | SUMMARIES


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing that somebody did, None being the server itself; `thing_id` is the row it was done to."""

    number: int
    verb: str
    thing_id: int
    actor_id: int | None
    happened_at: datetime


def happenings(meeting_id: int, *, after: int, up_to: int) -> list[Happening]:
    """What may be news to somebody between two entries of the log, oldest first."""
    rows = db.session.execute(
        select(AuditEntry.number, AuditEntry.verb, AuditEntry.subject, AuditEntry.actor_id, AuditEntry.happened_at)
        .where(AuditEntry.chain == meeting_id, AuditEntry.number > after, AuditEntry.number <= up_to,
               AuditEntry.verb.in_(NEWS)).order_by(AuditEntry.number))
    return [Happening(number=row.number, verb=row.verb, thing_id=int(row.subject.rpartition(" ")[2]),
                      actor_id=row.actor_id, happened_at=row.happened_at) for row in rows]


def things(found: Iterable[Happening], verbs: frozenset[str]) -> set[int]:
    """The rows that were dealt with by these verbs."""
    return {one.thing_id for one in found if one.verb in verbs}
