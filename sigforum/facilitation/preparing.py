"""Every forum session gets its stage, with a short code, when its agenda is imported."""

import secrets

from sqlalchemy import select

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.facilitation.domain import CODE_LENGTH, LETTERS
from sigforum.facilitation.models import Stage
from sigforum.transaction import transaction


def prepare_stages(meeting: Meeting) -> None:
    """Give every forum session without a stage one. Part of an import."""
    with transaction():
        for forum_session in agenda.forum_sessions(meeting.id):
            if db.session.get(Stage, forum_session.id) is None:
                db.session.add(Stage(forum_session_id=forum_session.id, join_code=_new_code()))
                db.session.flush()


def _new_code() -> str:
    """A code that no other forum session has."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        if db.session.scalar(select(Stage.forum_session_id).where(Stage.join_code == code)) is None:
            return code
