"""Choosing how often one wants mail, stopping it by a mail's own link, and when a meeting's daily mails go out."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from sigforum.audit import queries as audit
from sigforum.audit.actions import record
from sigforum.digests import queries
from sigforum.digests.domain import Pace
from sigforum.digests.models import DigestChoice, DigestHour
from sigforum.digests.policy import check_sets_hour
from sigforum.digests.tokens import membership_of
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people.domain import MailState, Viewer
from sigforum.people.models import Membership, OutgoingMail
from sigforum.transaction import transaction


def choose_pace(viewer: Viewer, pace: Pace) -> None:
    """Choose how often one wants mail about one meeting. What happened before one wanted any is in none."""
    with transaction():
        begin_choices([(viewer.membership_id, viewer.meeting_id)])
        choice = _locked(viewer.membership_id)
        assert choice is not None, "it was begun in this very transaction, or before"
        _change(choice, pace, before=None)


def begin_choices(members: Sequence[tuple[int, int]]) -> None:
    """Keep the default choice of members of whom none is kept, given as (membership, meeting): from now on there is
    news for them. Part of a transaction."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    heads = {meeting_id: audit.head(meeting_id).number for _, meeting_id in members}
    moment = now()
    # Two workers may find the same new member; the second one leaves the first one's row as it is.
    db.session.execute(insert(DigestChoice).on_conflict_do_nothing(), [
        {"membership_id": membership_id, "told_up_to": heads[meeting_id], "looked_at": moment}
        for membership_id, meeting_id in members])


def begin_again(meeting_ids: Iterable[int]) -> None:
    """Whoever lost a place and has accepted anew is told what happens from now on. Part of a transaction."""
    moment = now()
    for meeting_id in sorted(set(meeting_ids)):
        came_back = select(Membership.id).where(
            Membership.id == DigestChoice.membership_id, Membership.meeting_id == meeting_id,
            Membership.accepted_at > DigestChoice.looked_at)
        db.session.execute(update(DigestChoice).where(came_back.exists()).values(
            told_up_to=audit.head(meeting_id).number, looked_at=moment))


def choice_of_token(token: str) -> DigestChoice | None:
    """Whose mails a link is about; None where it was not made here, or the person's data was erased."""
    membership_id = membership_of(token)
    return None if membership_id is None else db.session.get(DigestChoice, membership_id)


def stop_by_link(token: str) -> DigestChoice | None:
    """Stop somebody's mails about one meeting, whoever holds the link; None for one that is none. Safe to repeat."""
    with transaction():
        choice = _locked(membership_of(token) or 0)
        if choice is not None and choice.pace != Pace.NEVER:
            _change(choice, Pace.NEVER, before=Pace(choice.pace))
    return choice


def undo_by_link(token: str) -> DigestChoice | None:
    """Take back what the same link has stopped. Safe to repeat; what was chosen on the page meanwhile stands."""
    with transaction():
        choice = _locked(membership_of(token) or 0)
        if choice is not None and choice.pace == Pace.NEVER and choice.pace_before is not None:
            _change(choice, Pace(choice.pace_before), before=None)
    return choice


def set_hour(viewer: Viewer, hour: int) -> None:
    """Choose when a meeting's daily mails go out. Safe to repeat."""
    check_sets_hour(viewer)
    with transaction():
        before = queries.hour_of(viewer.meeting_id)
        if before == hour:
            return
        db.session.merge(DigestHour(meeting_id=viewer.meeting_id, hour=hour))
        record("digest_hour_set", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"meeting {viewer.meeting_id}", before=before, after=hour)


def _locked(membership_id: int) -> DigestChoice | None:
    return db.session.get(DigestChoice, membership_id, with_for_update=True, populate_existing=True)


def _change(choice: DigestChoice, pace: Pace, *, before: Pace | None) -> None:
    membership: Membership = choice.membership
    if choice.pace == Pace.NEVER and pace is not Pace.NEVER:
        choice.told_up_to, choice.looked_at = audit.head(membership.meeting_id).number, now()
    choice.pace, choice.pace_before = pace, before
    if pace is Pace.NEVER:
        db.session.execute(update(OutgoingMail).where(
            OutgoingMail.person_id == membership.person_id, OutgoingMail.meeting_id == membership.meeting_id,
            OutgoingMail.template == queries.TEMPLATE, OutgoingMail.state == MailState.QUEUED)
            .values(state=MailState.WITHDRAWN))
