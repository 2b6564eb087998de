"""Reads of the audit log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from sigforum.audit.domain import Head, Stored, breaks
from sigforum.audit.models import AuditEntry, AuditHead
from sigforum.extensions import db

# Rows held in memory while a long chain is read.
_AT_ONCE = 1000


# Verbs that are left out, on these subjects alone, or with None on all.
Unnamed = tuple[tuple[frozenset[str], frozenset[str] | None], ...]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries of a chain are asked for; empty is all. `before` is a number: only older ones, for paging.
    `without` leaves out verbs, each group on these subjects alone, or with None on all."""

    actor_id: int | None = None
    # The same by the number of a place in the meeting, which whoever shows the entries makes an actor's.
    place_id: int | None = None
    verb: str = ""
    day: date | None = None
    before: int | None = None
    without: Unnamed = ()


def head(chain: int) -> Head:
    """The newest entry of a chain, as its head says."""
    found = db.session.get(AuditHead, chain, populate_existing=True)
    return Head(number=found.number, hash=found.hash) if found else Head(number=0, hash="")


def entries(chain: int, wanted: Wanted, *, most: int) -> Sequence[AuditEntry]:
    """The newest entries that are asked for, newest first."""
    found = select(AuditEntry).where(AuditEntry.chain == chain)
    if wanted.actor_id is not None:
        found = found.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.verb:
        found = found.where(AuditEntry.verb == wanted.verb)
    if wanted.day is not None:
        begin = datetime.combine(wanted.day, time(), tzinfo=UTC)
        found = found.where(AuditEntry.happened_at >= begin, AuditEntry.happened_at < begin + timedelta(days=1))
    if wanted.before is not None:
        found = found.where(AuditEntry.number < wanted.before)
    found = _but(found, wanted.without)
    return db.session.scalars(found.order_by(AuditEntry.number.desc()).limit(most)).all()


def _but(found: Any, without: Unnamed) -> Any:
    for left_out, subjects in without:
        of_these = AuditEntry.verb.in_(left_out)
        found = found.where(~(of_these if subjects is None else of_these & AuditEntry.subject.in_(subjects)))
    return found


def verbs(chain: int) -> list[str]:
    """What was done in a chain, each verb once."""
    return sorted(db.session.scalars(select(AuditEntry.verb).where(AuditEntry.chain == chain).distinct()))


def actor_ids(chain: int, *, without: Unnamed = ()) -> set[int]:
    """Who did something in a chain, beside what is left out."""
    found = select(AuditEntry.actor_id).where(AuditEntry.chain == chain, AuditEntry.actor_id.is_not(None))
    return {actor_id for actor_id in db.session.scalars(_but(found, without).distinct()) if actor_id is not None}


def chains() -> list[int]:
    """All chains, the one of no meeting first."""
    written = set(db.session.scalars(select(AuditEntry.chain).distinct()))
    return sorted(written | set(db.session.scalars(select(AuditHead.chain))))


def whole_chain(chain: int) -> Iterator[AuditEntry]:
    """Every entry of a chain, oldest first, read a thousand at a time."""
    yield from db.session.scalars(
        select(AuditEntry).where(AuditEntry.chain == chain).order_by(AuditEntry.number, AuditEntry.id)
        .execution_options(yield_per=_AT_ONCE))


def stored(chain: int) -> Iterator[Stored]:
    """Every entry of a chain as it was found."""
    for entry in whole_chain(chain):
        yield Stored(noted=entry.noted, hash=entry.hash, detail=entry.detail, is_struck=entry.struck_at is not None)


def problems(chain: int) -> list[str]:
    """What is wrong with a chain; empty where it holds."""
    # The head first: people go on writing while a long chain is read.
    newest = head(chain)
    return list(breaks(stored(chain), head=newest))


def hash_at(chain: int, number: int) -> str | None:
    """The hash of an entry; None where there is no such entry."""
    if number == 0:
        return ""
    return db.session.scalar(select(AuditEntry.hash).where(AuditEntry.chain == chain, AuditEntry.number == number))
