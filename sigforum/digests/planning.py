"""Queuing digests whose time has come: mail and mark of how far it tells are stored in one commit, so that a worker
that is killed in between tells nothing twice and leaves nothing out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from sigforum.audit import queries as audit
from sigforum.digests import queries
from sigforum.digests.actions import begin_again, begin_choices
from sigforum.digests.domain import Pace, Reader
from sigforum.digests.gathering import gather
from sigforum.digests.models import DigestChoice, DigestWindow
from sigforum.digests.queries import DueChoice
from sigforum.extensions import db
from sigforum.people.models import OutgoingMail
from sigforum.transaction import transaction

# So many people are looked after at once; votes wait no longer than storing their mails takes.
_AT_ONCE = 200


def plan_digests(at: datetime) -> int:
    """Queue a mail for everybody whose time has come and who has something to be told; how many. Safe to repeat, and
    for two workers at once."""
    new = queries.new_members()
    if new:
        with transaction():
            begin_choices(new)
            begin_again(meeting_id for _, meeting_id in new)
    planned = 0
    for meeting_id, hour, zone in queries.meetings_with_choices():
        for part in _parts(queries.due_choices(meeting_id, hour=hour, zone=zone, at=at)):
            planned += _plan(meeting_id, part, at=at)
    return planned


def _plan(meeting_id: int, due: Sequence[DueChoice], *, at: datetime) -> int:
    newest = audit.head(meeting_id).number
    # Read before the transaction: others write meanwhile.
    news = gather(meeting_id, [Reader(person_id=one.person_id, after=one.told_up_to, up_to=newest) for one in due])
    with transaction():
        held = _held(due)
        told = [one for one in held if one.person_id in news]
        _move_on([one.membership_id for one in held], up_to=newest)
        _looked([one.membership_id for one in held if one.pace is Pace.DAILY or one.person_id in news], at=at)
        waiting = queries.waiting_mails(meeting_id, [one.person_id for one in told])
        if waiting:
            # One that the mail server has not taken yet tells this too.
            db.session.execute(update(DigestWindow).where(DigestWindow.mail_id.in_(list(waiting.values())))
                               .values(up_to_number=newest))
        new = {one.person_id: one for one in told if one.person_id not in waiting}
        if new:
            _queue(meeting_id, new, up_to=newest)
    return len(new)


def _queue(meeting_id: int, new: Mapping[int, DueChoice], *, up_to: int) -> None:
    """One mail each, and what it is about."""
    db.session.execute(insert(OutgoingMail), [
        {"person_id": person_id, "meeting_id": meeting_id, "template": queries.TEMPLATE} for person_id in new])
    db.session.execute(insert(DigestWindow), [
        {"mail_id": mail_id, "after_number": new[person_id].told_up_to, "up_to_number": up_to}
        for person_id, mail_id in queries.unmarked_mails(meeting_id, list(new)).items()])


def _held(due: Sequence[DueChoice]) -> list[DueChoice]:
    """Those that stand as they were read, locked: of two workers the second one finds that the first was faster."""
    rows = db.session.execute(
        select(DigestChoice.membership_id, DigestChoice.pace, DigestChoice.told_up_to)
        .where(DigestChoice.membership_id.in_([one.membership_id for one in due]))
        .order_by(DigestChoice.membership_id).with_for_update())
    now_there = {(membership_id, pace, told_up_to) for membership_id, pace, told_up_to in rows}
    return [one for one in due if (one.membership_id, one.pace, one.told_up_to) in now_there]


def _move_on(membership_ids: Sequence[int], *, up_to: int) -> None:
    db.session.execute(update(DigestChoice).where(DigestChoice.membership_id.in_(membership_ids))
                       .values(told_up_to=up_to))


def _looked(membership_ids: Sequence[int], *, at: datetime) -> None:
    """For "at once" only where there was something: the next news is not kept waiting by none."""
    db.session.execute(update(DigestChoice).where(DigestChoice.membership_id.in_(membership_ids))
                       .values(looked_at=at))


def _parts(due: Sequence[DueChoice]) -> Iterator[Sequence[DueChoice]]:
    for start in range(0, len(due), _AT_ONCE):
        yield due[start:start + _AT_ONCE]
