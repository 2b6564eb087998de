"""Cards for the door: each person's own sign-in link as a QR code, good for the days of the meeting only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from flask import current_app
from markupsafe import Markup
from sqlalchemy import select

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.clock import FIRST_YEAR, LAST_YEAR, is_in_reach, now
from sigforum.kernel.errors import Conflict
from sigforum.kernel.ids import new_token, token_hash
from sigforum.people import queries
from sigforum.people.card_days import moments_of
from sigforum.people.composing import CARD_PRINTED
from sigforum.people.domain import GONE, Role, Viewer
from sigforum.people.ending_cards import end_cards
from sigforum.people.events import SignedOut
from sigforum.people.hours import meeting_calendar
from sigforum.people.jobs import wake_mail
from sigforum.people.models import Membership, OutgoingMail, SignInLink
from sigforum.people.policy import check_manages_people
from sigforum.transaction import transaction

MOST_CARDS = 500


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card: who it is for, and the picture of the link."""

    name: str
    affiliation: str
    role: str
    picture: Markup


def print_cards(viewer: Viewer, meeting: Any, *, membership_ids: Collection[int] | None) -> list[Card]:
    """Make a card for each member chosen, None for all; a person's earlier cards end, and so do the
    browsers that they signed in. Raises Conflict where the agenda
    gives no days, where they are over, or where that would be too many at once."""
    check_manages_people(viewer)
    starts_at, ends_at = valid_between(meeting)
    if ends_at <= now():
        raise Conflict("The meeting's days are over, so no card would work.")
    with transaction() as tx:
        chosen = _chosen(viewer.meeting_id, membership_ids)
        if not chosen:
            raise Conflict("Nobody is chosen who can have a card. Organizers sign in by mail.")
        if len(chosen) > MOST_CARDS:
            raise Conflict(f"At most {MOST_CARDS} cards are made at once. Choose some people.")
        for person_id in end_cards(viewer.meeting_id, {found.person_id for found in chosen}):
            tx.publish(SignedOut(meeting_id=viewer.meeting_id, person_id=person_id))
        cards = [_card(found, starts_at=starts_at, ends_at=ends_at) for found in chosen]
        db.session.add_all(OutgoingMail(person_id=found.person_id, meeting_id=found.meeting_id, template=CARD_PRINTED)
                           for found in chosen)
        tx.after_commit(wake_mail)
        record("cards_printed", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"meeting {viewer.meeting_id}", people=[found.person_id for found in chosen])
    return cards


def has_card(membership: Membership) -> bool:
    """Whether somebody can have a card: organizers cannot, since whoever prints it would act in their name."""
    return membership.status not in GONE and membership.role != Role.ORGANIZER


def cards_that_end(viewer: Viewer, membership_ids: Collection[int] | None) -> tuple[list[Membership], int]:
    """Whose printed cards would end if new ones were made, and the newest of these cards; 0 where none would."""
    people = {found.person_id: found for found in _chosen(viewer.meeting_id, membership_ids)}
    rows = db.session.execute(select(SignInLink.person_id, SignInLink.id).where(
        SignInLink.meeting_id == viewer.meeting_id, SignInLink.is_for_door.is_(True),
        SignInLink.expires_at > now())).all()
    ending = {person_id: link_id for person_id, link_id in rows if person_id in people}
    return [found for person_id, found in people.items() if person_id in ending], max(ending.values(), default=0)


def printed_for_other_days(viewer: Viewer, meeting: Any) -> list[Membership]:
    """Whose newest card works on other days than one that is made now, as it says itself: the agenda has moved since,
    the zone was set, or the card has ended."""
    newest = {person_id: (starts_at, ends_at) for person_id, starts_at, ends_at in db.session.execute(
        select(SignInLink.person_id, SignInLink.starts_at, SignInLink.expires_at).where(
            SignInLink.meeting_id == viewer.meeting_id, SignInLink.is_for_door.is_(True)).order_by(SignInLink.id))}
    between = valid_between(meeting)
    return [found for found in _chosen(viewer.meeting_id, None)
            if newest.get(found.person_id, between) != between]


def shown_between(meeting: Any) -> tuple[str, str]:
    """The same for people: day and hour in the meeting's zone, with its name."""
    zone = meeting_calendar(meeting.id).time_zone or "UTC"
    first, last = (moment.astimezone(ZoneInfo(zone)) for moment in valid_between(meeting))
    return tuple(f"{one.day} {one:%B %Y, %H:%M} ({zone})" for one in (first, last))  # type: ignore[return-value]


def _chosen(meeting_id: int, membership_ids: Collection[int] | None) -> list[Membership]:
    return [found for found in queries.members(meeting_id)
            if has_card(found) and (membership_ids is None or found.id in membership_ids)]


def valid_between(meeting: Any) -> tuple[datetime, datetime]:
    """From when until when a card works. Raises Conflict where the agenda gives no days."""
    first, last = meeting.start_on, meeting.end_on or meeting.start_on
    if first is None:
        raise Conflict("The agenda gives no dates, so nobody could say when a card works. Import it with its dates.")
    if not (is_in_reach(first) and is_in_reach(last)):
        raise Conflict(f"The agenda gives days outside the years {FIRST_YEAR} to {LAST_YEAR}. Import it with the right "
                       "ones.")
    return moments_of(first, last, zone=meeting_calendar(meeting.id).time_zone or "")


def _card(membership: Membership, *, starts_at: datetime, ends_at: datetime) -> Card:
    token = new_token()
    # Good for more than one use: many phones scan inside an app whose browser forgets the sign-in when it closes.
    db.session.add(SignInLink(
        person_id=membership.person_id, meeting_id=membership.meeting_id, token_hash=token_hash(token),
        starts_at=starts_at, expires_at=ends_at, is_single_use=False, is_for_door=True))
    address = f"{current_app.config['SETTINGS'].base_url}/sign-in/{token}"
    picture = segno.make(address, error="m", micro=False).svg_inline(
        border=0, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    return Card(name=membership.shown_name, affiliation=membership.shown_affiliation, role=membership.role,
                picture=Markup(picture))
