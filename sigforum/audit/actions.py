"""Writing the audit log; called last by every action that changes something for others."""

from typing import Any

from sigforum.audit.models import AuditEntry
from sigforum.extensions import db


def record(verb: str, *, meeting_id: int | None, actor_id: int | None, subject: str, **detail: Any) -> None:
    """Note in the running transaction that `actor_id` (None: the operator) did `verb` to `subject`.

    `detail` holds plain JSON values and never the text of a secret or a vote.
    """
    db.session.add(AuditEntry(
        verb=verb, meeting_id=meeting_id, actor_id=actor_id, subject=subject, detail=detail))
