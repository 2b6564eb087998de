"""The cast of the tests: ada organizes, finn facilitates 1A, ben and cyn take part, olu observes, dov was
invited but has not come, rex was removed, eve is a stranger, and mal organizes another meeting."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import update

from sigforum.agenda.actions import create_meeting
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.models import ForumSession, Meeting
from sigforum.agenda.queries import forum_session
from sigforum.disclosures.models import EntryRule
from sigforum.extensions import db
from sigforum.people import queries
from sigforum.people.actions import invite_people, make_host, revoke_membership
from sigforum.people.domain import MembershipStatus, Viewer
from sigforum.people.forms import parse_invitations
from sigforum.people.models import Person
from sigforum.transaction import transaction

AGENDA = """
Cells that stay
16-17 June 2026

DAY 1, June 16

Slot 1: Making

1A. Making cells
Theme: Manufacturing | Modality: autologous
Central question: How should cells be made?
  • Where should cells be made?
  • Who should pay for making cells?

1B. Keeping cells
Theme: Storage | Modality: allogeneic
Central question: How should cells be kept?
  • For how long can cells be kept?
"""

OTHER_AGENDA = """
Another meeting
1 July 2026

1A. Something else
Central question: What else is there?
"""

PEOPLE = """name,email,affiliation,stakeholder group,role,sessions
Finn Facilitator,finn@example.org,Office,Organization,facilitator,1A
Gus Facilitator,gus@example.org,Office,Organization,facilitator,1B
Ben Participant,ben@example.org,Ben's Works,Industry,participant,
Cyn Participant,cyn@example.org,Cyn's Hospital,Clinical,participant,
Olu Observer,olu@example.org,Olu's Agency,Regulatory,observer,
Dov Invited,dov@example.org,Dov's Lab,Academia,participant,
Rex Removed,rex@example.org,Rex's Firm,Industry,participant,
"""


def meets_today(meeting_id: int) -> None:
    """Let today be the one day of a meeting, on which its cards open it."""
    meeting = db.session.get_one(Meeting, meeting_id)
    meeting.start_on = meeting.end_on = date.today()
    db.session.flush()


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who there is, by first name."""

    meeting_id: int
    slug: str
    other_slug: str
    ids: dict[str, int]

    def person(self, name: str) -> Person:
        """A person, read from the database now."""
        found = queries.person_by_email(f"{name}@example.org")
        assert found is not None
        return found

    def viewer(self, name: str) -> Viewer:
        """A member as policies see them."""
        return queries.membership(self.person(name).id, meeting_id=self.meeting_id).viewer()

    def forum_session(self, code: str = "1A") -> ForumSession:
        """A forum session of the meeting."""
        return forum_session(self.meeting_id, code)


def make_cast() -> Cast:
    """A meeting of two forum sessions with its people, and another meeting beside it."""
    ada, mal = make_host("ada@example.org", name="Ada Organizer"), make_host("mal@example.org", name="Mal Other")
    meeting = create_meeting(read_agenda(AGENDA.encode()), person=ada)
    other = create_meeting(read_agenda(OTHER_AGENDA.encode()), person=mal)
    make_host("eve@example.org", name="Eve Stranger")
    with transaction():
        # Who takes part without being asked first; tests/disclosures turns it on again.
        db.session.execute(update(EntryRule).values(is_on=False))
        eve = queries.person_by_email("eve@example.org")
        assert eve is not None
        eve.is_host = False
    viewer = queries.membership(ada.id, meeting_id=meeting.id).viewer()
    codes = {found.code: found.id for found in meeting.forum_sessions}
    invite_people(viewer, parse_invitations(PEOPLE, codes=codes).people, send_mail=False)
    with transaction():
        for member in queries.members(meeting.id):
            if member.person.email != "dov@example.org":
                member.status = MembershipStatus.ACCEPTED
    rex = next(found for found in queries.members(meeting.id) if found.person.email == "rex@example.org")
    revoke_membership(viewer, rex.id)
    people = {name: queries.person_by_email(f"{name}@example.org") for name in (
        "ada", "finn", "gus", "ben", "cyn", "olu", "dov", "rex", "eve", "mal")}
    return Cast(meeting_id=meeting.id, slug=meeting.slug, other_slug=other.slug,
                ids={name: person.id for name, person in people.items() if person is not None})
