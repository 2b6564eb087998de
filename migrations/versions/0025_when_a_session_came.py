"""When a session came onto the agenda is kept: whoever was gone before was never invited to it.

Of sessions that are there it is the first moment at which the log lists their code or one of their questions was
written. Of one without a question it stays unknown, and everybody counts as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SESSIONS = sa.table("forum_sessions", sa.column("id"), sa.column("meeting_id"), sa.column("code"),
                    sa.column("created_at", MOMENT))
QUESTIONS = sa.table("questions", sa.column("id"), sa.column("forum_session_id"))
WORDINGS = sa.table("question_wordings", sa.column("question_id"), sa.column("created_at", MOMENT))
ENTRIES = sa.table("audit_entries", sa.column("meeting_id"), sa.column("verb"), sa.column("number"),
                   sa.column("detail", sa.JSON), sa.column("happened_at", MOMENT))


def upgrade():
    op.add_column("forum_sessions", sa.Column("created_at", MOMENT, nullable=True))
    connection = op.get_bind()
    written = dict(connection.execute(
        sa.select(QUESTIONS.c.forum_session_id, sa.func.min(WORDINGS.c.created_at, type_=MOMENT)).join_from(
            QUESTIONS, WORDINGS, WORDINGS.c.question_id == QUESTIONS.c.id)
        .group_by(QUESTIONS.c.forum_session_id)).all())
    listed = first_listed(connection)
    for identifier, meeting_id, code in connection.execute(
            sa.select(SESSIONS.c.id, SESSIONS.c.meeting_id, SESSIONS.c.code)).all():
        moments = [one for one in (written.get(identifier), listed.get((meeting_id, code))) if one is not None]
        # A code may have been another session's before: too early a moment leaves nobody out.
        if identifier in written:
            connection.execute(sa.update(SESSIONS).where(SESSIONS.c.id == identifier).values(created_at=min(moments)))


def first_listed(connection):
    """The first entry of each meeting's log that lists a code, before or after an import."""
    found = {}
    for entry in connection.execute(sa.select(ENTRIES).where(ENTRIES.c.verb == "agenda_imported").order_by(
            ENTRIES.c.meeting_id, ENTRIES.c.number)).all():
        for side in ("before", "after"):
            noted = (entry.detail or {}).get(side)
            for code in noted.get("forum_sessions", ()) if isinstance(noted, dict) else ():
                found.setdefault((entry.meeting_id, code), entry.happened_at)
    return found


def downgrade():
    op.drop_column("forum_sessions", "created_at")
