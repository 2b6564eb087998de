"""Purging the personal data of meetings whose time is over, and certifying what was removed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from sigforum.agenda.models import Meeting
from sigforum.audit import queries as audit
from sigforum.audit.actions import record, strike_detail
from sigforum.audit.models import AuditEntry
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.oversight.actions import purge_member
from sigforum.oversight.domain import Due
from sigforum.oversight.models import PurgeCertificate, RetentionRule
from sigforum.people import queries as people
from sigforum.people.domain import Role
from sigforum.people.models import Membership, OutgoingMail, SignInLink
from sigforum.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class DueMeeting:
    """A meeting whose personal data are to go, and of how many people they are."""

    meeting_id: int
    slug: str
    due: Due
    people: int


def due_of(meeting: Meeting) -> Due | None:
    """When a meeting's personal data are to go; None without a rule, or without a date."""
    rule, ended_on = db.session.get(RetentionRule, meeting.id), meeting.end_on or meeting.start_on
    return Due(ended_on=ended_on, days=rule.days) if rule is not None and ended_on is not None else None


def days_of(meeting_id: int) -> int | None:
    """How many days a meeting keeps personal data after its end; None is as long as it is there."""
    rule = db.session.get(RetentionRule, meeting_id)
    return rule.days if rule else None


def due_meetings(today: date) -> list[DueMeeting]:
    """The meetings past their date that still hold data of people."""
    meetings = db.session.scalars(
        select(Meeting).join(RetentionRule, RetentionRule.meeting_id == Meeting.id).order_by(Meeting.id))
    found = []
    for meeting in meetings:
        due = due_of(meeting)
        there = len(_to_purge(meeting.id))
        if due is not None and due.on <= today and there:
            found.append(DueMeeting(meeting_id=meeting.id, slug=meeting.slug, due=due, people=there))
    return found


def purge_due(today: date) -> list[PurgeCertificate]:
    """Purge every meeting past its date; safe to repeat."""
    return [purge(one.meeting_id, one.due) for one in due_meetings(today)]


def purge(meeting_id: int, due: Due) -> PurgeCertificate:
    """Erase everybody of a meeting but its organizers, who keep the minutes and this certificate; with them mails,
    links, and the free words of the audit log. Either all of it, with the certificate, or nothing."""
    with transaction() as tx:
        meeting, removed = db.session.get_one(Meeting, meeting_id), {"people": 0}
        head = audit.head(meeting_id)
        for membership in _to_purge(meeting_id):
            removed["people"] += 1
            for name, number in purge_member(tx, membership).counts.items():
                removed[name] = removed.get(name, 0) + number
        removed["mails and links of organizers"] = _remove_mails(meeting_id)
        removed["words in the audit log"] = _strike_words(meeting_id)
        made_at = now()
        document = _certificate(meeting, due, {name: count for name, count in removed.items() if count}) | {
            "purged_at": made_at.isoformat(timespec="seconds"),
            "audit_head": {"number": head.number, "sha256": head.hash}}
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
        certificate = PurgeCertificate(meeting_id=meeting_id, document=text, purged_at=made_at,
                                       sha256=hashlib.sha256(text.encode()).hexdigest())
        db.session.add(certificate)
        db.session.flush()
        # The chain holds the certificate, and the certificate the chain as it was before.
        record("meeting_purged", meeting_id=meeting_id, actor_id=None, subject=f"certificate {certificate.id}",
               certificate=certificate.sha256)
    return certificate


def certificates(meeting_id: int) -> Sequence[PurgeCertificate]:
    """What was certified of a meeting, newest first."""
    return db.session.scalars(select(PurgeCertificate).where(PurgeCertificate.meeting_id == meeting_id)
                              .order_by(PurgeCertificate.id.desc())).all()


def certificate_of(meeting_id: int, certificate_id: int) -> PurgeCertificate | None:
    """One certificate of a meeting."""
    return db.session.scalar(select(PurgeCertificate).where(
        PurgeCertificate.meeting_id == meeting_id, PurgeCertificate.id == certificate_id))


def _to_purge(meeting_id: int) -> list[Membership]:
    return [found for found in people.members(meeting_id)
            if found.person.erased_at is None and found.role != Role.ORGANIZER]


def _remove_mails(meeting_id: int) -> int:
    removed = 0
    for table in (OutgoingMail, SignInLink):
        there = select(func.count()).select_from(table).where(table.meeting_id == meeting_id)
        removed += db.session.scalar(there) or 0
        db.session.execute(delete(table).where(table.meeting_id == meeting_id))
    return removed


def _strike_words(meeting_id: int) -> int:
    """Reasons are the only free words in the log, and may speak of somebody."""
    struck = 0
    for entry in db.session.scalars(select(AuditEntry).where(
            AuditEntry.chain == meeting_id, AuditEntry.struck_at.is_(None))):
        if entry.detail.get("reason"):
            strike_detail(entry, at=now())
            struck += 1
    return struck


def _certificate(meeting: Meeting, due: Due, removed: dict[str, int]) -> dict[str, Any]:
    return {"schema": "sigforum-purge-certificate/1", "meeting": meeting.slug, "title": meeting.title,
            "ended_on": due.ended_on.isoformat(), "kept_days": due.days, "removed": removed,
            "kept": "texts, votes and summaries without names; organizers; published versions as they were"}
