"""Long lists: taken in by the worker piece by piece, so that nobody's vote waits for ten thousand rows."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select

from sigforum.audit.actions import record
from sigforum.bounded import read_outside
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, NotFound, Refusal
from sigforum.people import queries
from sigforum.people.domain import Viewer
from sigforum.people.forms import InvitedPerson, parse_invitations
from sigforum.people.hooks import list_queued
from sigforum.people.inviting import check_as_seen, take_in
from sigforum.people.inviting_models import ListImport
from sigforum.people.policy import check_manages_people
from sigforum.transaction import transaction

# Up to here a list is taken in at once, while the organizer waits, and stored whole or not at all.
MOST_AT_ONCE = 500
# Rows in one transaction of the worker: about 70 ms, in which other writers wait.
PIECE = 100


def request_import(viewer: Viewer, text: str, *, codes: Mapping[str, int], sends_mail: bool,
                   seen: str = "") -> ListImport:
    """Hand a checked list to the worker. Raises Invalid while a row is wrong, and Conflict while another list is
    being taken in, or where the list would do something else by now than the preview named `seen` showed."""
    check_manages_people(viewer)
    people = read_outside(parse_invitations, text, codes=codes, known=frozenset(_addresses(viewer.meeting_id)),
                          field="list", size=len(text)).people
    with transaction() as tx:
        if db.session.scalar(select(ListImport.id).where(
                ListImport.meeting_id == viewer.meeting_id, ListImport.state == "queued").limit(1)):
            raise Conflict("Another list is being taken in. Wait until it is done.")
        check_as_seen(viewer.meeting_id, people, seen=seen)
        found = ListImport(meeting_id=viewer.meeting_id, requested_by_id=viewer.person_id, text=text,
                           sends_mail=sends_mail, total_rows=len(people))
        db.session.add(found)
        record("list_queued", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"meeting {viewer.meeting_id}", rows=len(people))
        tx.after_commit(list_queued)
    return found


def list_import(meeting_id: int, identifier: int) -> ListImport:
    """A list of a meeting. Raises NotFound for another meeting's."""
    found = db.session.scalar(
        select(ListImport).where(ListImport.meeting_id == meeting_id, ListImport.id == identifier))
    if found is None:
        raise NotFound()
    return found


def run_imports() -> None:
    """Take in every list that waits; one that was interrupted goes on behind its last stored piece."""
    for identifier in list(db.session.scalars(
            select(ListImport.id).where(ListImport.state == "queued").order_by(ListImport.id))):
        try:
            _run(identifier)
        except Refusal as refusal:
            _end(identifier, state="failed", error=refusal.message)
        except Exception:
            db.session.rollback()
            current_app.logger.exception("list %s could not be taken in", identifier)
            _end(identifier, state="failed", error="The rest could not be taken in. The reason is in the server's log.")


def _run(identifier: int) -> None:
    found = db.session.get_one(ListImport, identifier)
    codes: dict[str, int] = _codes(found.meeting_id, found.requested_by_id)
    people = parse_invitations(found.text, codes=codes, known=_addresses(found.meeting_id)).people
    while _take_piece(identifier, people):
        # What was read is let go of, or each piece would look through all the pieces before.
        db.session.expunge_all()


def _take_piece(identifier: int, people: tuple[InvitedPerson, ...]) -> bool:
    """Store the next piece together with how far the list has come; whether there is more."""
    with transaction() as tx:
        found = db.session.scalar(select(ListImport).where(ListImport.id == identifier).with_for_update())
        if found is None or found.state != "queued":
            return False
        # Read afresh for each piece: an organizer who was removed meanwhile invites nobody any more.
        viewer = queries.membership(found.requested_by_id, meeting_id=found.meeting_id).viewer()
        check_manages_people(viewer)
        piece = people[found.done_rows:found.done_rows + PIECE]
        if piece:
            take_in(tx, viewer, piece, sends_mail=found.sends_mail)
        found.done_rows += len(piece)
        if found.done_rows >= len(people):
            _close(found, state="done")
        return found.state == "queued"


def _end(identifier: int, *, state: str, error: str) -> None:
    with transaction():
        found = db.session.get(ListImport, identifier)
        if found is not None and found.state == "queued":
            _close(found, state=state)
            found.error = error


def _close(found: ListImport, *, state: str) -> None:
    found.state, found.finished_at = state, now()
    # Names and addresses stand in the people's own rows now; a copy would outlive an erasure.
    found.text = ""


def _addresses(meeting_id: int) -> frozenset[str]:
    return frozenset(found.shown_address for found in queries.members(meeting_id))


def _codes(meeting_id: int, person_id: int) -> dict[str, int]:
    meeting: Any = queries.membership(person_id, meeting_id=meeting_id).meeting
    return {forum_session.code: forum_session.id for forum_session in meeting.forum_sessions}
