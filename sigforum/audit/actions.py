"""Writing the audit log; called by every action that changes something for others."""

import json
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from sigforum.audit.domain import NAMING, NO_MEETING, SALT, detail_sha256
from sigforum.audit.hooks import acts_through
from sigforum.audit.models import AuditEntry, AuditHead
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.transaction import running_transaction


def record(verb: str, *, meeting_id: int | None, actor_id: int | None, subject: str, **detail: Any) -> None:
    """Note in the running transaction that `actor_id` (None: the operator) did `verb` to `subject`.

    `detail` holds plain JSON values; what was changed stands in it as `before` and `after`. It never holds an
    address, the text of a response, a secret or a vote, and a name only under a verb of NAMING, whose detail an
    erasure strikes out: people are named by their numbers, so that the rest can stay when somebody's data is erased.
    `through` among it stands apart: how the actor came in, where that is a card. The running request knows it else.
    """
    through = detail.pop("through", "") or acts_through.first(actor_id) or ""
    # As the database will give it back, so that the hash can be computed again.
    plain = json.loads(json.dumps(detail | {SALT: token_hex(8)}))
    running_transaction().gather(_seal, AuditEntry(
        verb=verb, meeting_id=meeting_id, actor_id=actor_id, subject=subject, detail=plain, happened_at=now(),
        through=through,
        chain=meeting_id or NO_MEETING, detail_hash=detail_sha256(plain)))


def strike_names(chain: int, person_id: int) -> None:
    """Strike a person's old and new names out of a meeting's log, in a running transaction."""
    for entry in db.session.scalars(select(AuditEntry).where(
            AuditEntry.chain == chain, AuditEntry.subject == f"person {person_id}", AuditEntry.verb.in_(NAMING),
            AuditEntry.struck_at.is_(None))):
        strike_detail(entry, at=now())


def strike_detail(entry: AuditEntry, *, at: datetime) -> None:
    """Strike out what an entry says beside who did what; the hash of it stays, so that the chain still holds."""
    entry.detail, entry.struck_at = {}, at


def _seal(entries: list[AuditEntry]) -> None:
    """Number the transaction's entries and chain each to the one before.

    Chain by chain in the order of their ids: two processes that each write to two chains cannot wait for each other.
    """
    for chain in sorted({entry.chain for entry in entries}):
        head = _locked_head(chain)
        for entry in entries:
            if entry.chain == chain:
                entry.number = head.number + 1
                entry.hash = entry.noted.sealed(head.hash)
                head.number, head.hash = entry.number, entry.hash
                db.session.add(entry)
    db.session.flush()


def _locked_head(chain: int) -> AuditHead:
    head = _head(chain)
    if head is None:
        insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
        # Of two processes that begin a chain at once, the second waits here and finds the first one's.
        db.session.execute(insert(AuditHead).values(chain=chain, number=0, hash="").on_conflict_do_nothing())
        head = _head(chain)
    assert head is not None, "it was inserted in this very transaction, or before"
    return head


def _head(chain: int) -> AuditHead | None:
    return db.session.get(AuditHead, chain, with_for_update=True, populate_existing=True)
