"""Making sign-in links; the token exists only in the answer, the database keeps its hash."""

from datetime import timedelta

from flask import current_app

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict
from sigforum.kernel.ids import new_token, token_hash
from sigforum.people.models import Person, SignInLink
from sigforum.transaction import transaction


def make_link(person: Person, *, lifetime: timedelta, meeting_id: int | None = None,
              is_single_use: bool = True) -> str:
    """A new sign-in address for a person. With `meeting_id` it belongs to that meeting, and opens nothing else."""
    if person.erased_at is not None:
        raise Conflict("This person's data was erased; nobody can sign in as them.")
    token = new_token()
    with transaction():
        db.session.add(SignInLink(
            person_id=person.id, meeting_id=meeting_id, token_hash=token_hash(token),
            expires_at=now() + lifetime, is_single_use=is_single_use))
    return f"{current_app.config['SETTINGS'].base_url}/sign-in/{token}"
