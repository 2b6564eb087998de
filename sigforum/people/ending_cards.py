"""Ending cards with the browsers that they signed in, and telling these when the meeting's days are over."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select, update

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people.card_days import days_of
from sigforum.people.domain import BY_CARD
from sigforum.people.events import SignedOut
from sigforum.people.models import Membership, SignIn, SignInLink
from sigforum.transaction import transaction

# The job that looks for it runs every hour, and a worker may have been away.
TOLD_FOR = timedelta(hours=3)


def end_cards(meeting_id: int, person_ids: Collection[int]) -> list[int]:
    """End some people's cards and the browsers that these signed in, in a running transaction; whose browsers are out
    by it. Whoever holds the new card scans it."""
    moment = now()
    db.session.execute(update(SignInLink).where(
        SignInLink.meeting_id == meeting_id, SignInLink.is_for_door.is_(True), SignInLink.person_id.in_(person_ids),
        SignInLink.expires_at > moment).values(expires_at=moment))
    browsers = list(db.session.scalars(select(SignIn).where(
        SignIn.meeting_id == meeting_id, SignIn.means == BY_CARD, SignIn.person_id.in_(person_ids),
        SignIn.revoked_at.is_(None)).order_by(SignIn.id)))
    for browser in browsers:
        browser.revoked_at = moment
    return sorted({browser.person_id for browser in browsers})


def tell_cards_that_are_over() -> None:
    """Close the sockets of browsers that a card signed in and whose meeting's days ended in the last hours. What they
    ask for is refused from that moment on; this is for what they would go on hearing. Safe to repeat."""
    moment = now()
    with transaction() as tx:
        place = (Membership.meeting_id, Membership.person_id)
        places = db.session.execute(select(*place).join(
            SignIn, (SignIn.meeting_id == Membership.meeting_id) & (SignIn.person_id == Membership.person_id)).where(
                SignIn.means == BY_CARD, SignIn.revoked_at.is_(None)).distinct().order_by(*place)).all()
        days_by_meeting = {meeting_id: days_of(db.session.connection(), meeting_id)
                           for meeting_id in {one.meeting_id for one in places}}
        for meeting_id, person_id in places:
            days = days_by_meeting[meeting_id]
            if days is not None and moment - TOLD_FOR <= days[1] <= moment:
                tx.publish(SignedOut(meeting_id=meeting_id, person_id=person_id))
