"""What is done before people take part: declaring interests."""

from collections.abc import Mapping

from sqlalchemy import func, select

from sigforum.audit.actions import record
from sigforum.disclosures import queries
from sigforum.disclosures.domain import Declared, Stance
from sigforum.disclosures.events import InterestsDeclared
from sigforum.disclosures.models import Disclosure
from sigforum.extensions import db
from sigforum.people.domain import Viewer
from sigforum.transaction import transaction


def declare_interests(viewer: Viewer, declared: Mapping[int | None, Declared]) -> int:
    """Store what somebody declares, by forum session and None for the whole meeting; how many things changed.

    Only what differs from the newest version is a new one, so that sending a form twice changes nothing.
    """
    with transaction() as tx:
        newest = queries.own_newest(viewer.meeting_id, person_id=viewer.person_id)
        number = db.session.scalar(select(func.max(Disclosure.number)).where(
            Disclosure.meeting_id == viewer.meeting_id, Disclosure.person_id == viewer.person_id)) or 0
        before = number
        changed = {place: one for place, one in declared.items() if one != _before(newest.get(place), place)}
        for place, one in changed.items():
            number += 1
            db.session.add(Disclosure(
                meeting_id=viewer.meeting_id, person_id=viewer.person_id, forum_session_id=place, number=number,
                stance=one.stance, financial=one.financial, advocacy=one.advocacy))
        if changed:
            # Neither the words nor whether there are any: organizers who chair nothing read the log too.
            record("interests_declared", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
                   subject=f"person {viewer.person_id}", before={"version": before},
                   after={"version": number})
            tx.publish(InterestsDeclared(meeting_id=viewer.meeting_id, person_id=viewer.person_id))
    return len(changed)


def _before(newest: Disclosure | None, place: int | None) -> Declared | None:
    if newest is not None:
        return newest.declared
    return None if place is None else Declared(stance=Stance.AS_MEETING)
