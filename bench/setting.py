"""A real application on a real SQLite file in a temporary folder, with a meeting to measure."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from sigforum import samples
from sigforum.agenda.actions import create_meeting
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.models import Meeting
from sigforum.app import create_app
from sigforum.disclosures.models import EntryRule
from sigforum.extensions import db
from sigforum.migrating import upgrade
from sigforum.people.actions import invite_people, make_host
from sigforum.people.domain import MembershipStatus, Viewer
from sigforum.people.forms import parse_invitations
from sigforum.people.queries import members, membership
from sigforum.settings import Settings
from sigforum.transaction import transaction


@contextmanager
def measured_app() -> Iterator[Flask]:
    """An application inside its context; its files are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(secret_key="measuring", instance=Path(folder), base_url="http://localhost",
                                  async_mode="threading", pace=1000))
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            upgrade()
            yield app
            db.session.remove()
            db.engine.dispose()


def measured_meeting(*, participants: int) -> tuple[Meeting, list[Viewer]]:
    """The sample agenda with that many participants, all of whom have accepted."""
    agenda = (Path(samples.__file__).parent / "car-t-agenda.txt").read_bytes()
    host = make_host("host@example.org", name="Host")
    meeting = create_meeting(read_agenda(agenda), person=host)
    with transaction():
        # What is measured is voting; the rules are read before the room opens.
        db.session.get_one(EntryRule, meeting.id).is_on = False
    rows = "\n".join(f"Person {number},person{number}@example.org" for number in range(participants))
    viewer = membership(host.id, meeting_id=meeting.id).viewer()
    invite_people(viewer, parse_invitations(f"name,email\n{rows}", codes={}).people, send_mail=False)
    with transaction():
        for member in members(meeting.id):
            member.status = MembershipStatus.ACCEPTED
    return meeting, [member.viewer() for member in members(meeting.id) if member.person_id != host.id]
