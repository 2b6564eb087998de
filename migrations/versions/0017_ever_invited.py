"""Nobody leaves the count of those ever invited: what is known of people who left is put back where it is missing.

That somebody accepted before they were removed or erased, and for which sessions an erased person's place was, is read
once from the log; where it says nothing, an erased person counts in every session of the meeting.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MEMBERS = sa.table("memberships", *(sa.column(name) for name in ("id", "meeting_id", "person_id", "status")),
                   sa.column("accepted_at", MOMENT))
PEOPLE = sa.table("people", sa.column("id"), sa.column("erased_at", MOMENT))
ASSIGNMENTS = sa.table("assignments", sa.column("membership_id"), sa.column("forum_session_id"))
SESSIONS = sa.table("forum_sessions", sa.column("id"), sa.column("meeting_id"))
ENTRIES = sa.table("audit_entries", sa.column("meeting_id"), sa.column("verb"), sa.column("subject"),
                   sa.column("number"), sa.column("detail", sa.JSON), sa.column("happened_at", MOMENT))
VERBS = ("invitation_accepted", "membership_revoked", "membership_changed")


def upgrade():
    connection = op.get_bind()
    accepted, sessions = known(connection)
    assigned = set(connection.scalars(sa.select(ASSIGNMENTS.c.membership_id)))
    there = defaultdict(set)
    for identifier, meeting_id in connection.execute(sa.select(SESSIONS.c.id, SESSIONS.c.meeting_id)):
        there[meeting_id].add(identifier)
    gone = sa.select(MEMBERS, PEOPLE.c.erased_at).join_from(MEMBERS, PEOPLE, PEOPLE.c.id == MEMBERS.c.person_id).where(
        MEMBERS.c.status == "revoked")
    for place in connection.execute(gone).all():
        key = (place.meeting_id, place.person_id)
        if place.accepted_at is None and key in accepted:
            connection.execute(sa.update(MEMBERS).where(MEMBERS.c.id == place.id).values(accepted_at=accepted[key]))
        if place.erased_at is not None and place.id not in assigned:
            for identifier in sorted(set(sessions.get(key, ())) & there[place.meeting_id]):
                connection.execute(sa.insert(ASSIGNMENTS).values(membership_id=place.id, forum_session_id=identifier))


def known(connection):
    """When somebody accepted first, and for which sessions their place was last, by (meeting, person)."""
    accepted, sessions = {}, {}
    entries = sa.select(ENTRIES).where(ENTRIES.c.verb.in_(VERBS), ENTRIES.c.meeting_id.is_not(None)).order_by(
        ENTRIES.c.meeting_id, ENTRIES.c.number)
    for entry in connection.execute(entries):
        word, _, number = entry.subject.partition(" ")
        if word != "person" or not number.isdecimal():
            continue
        key = (entry.meeting_id, int(number))
        before, after = (entry.detail or {}).get("before"), (entry.detail or {}).get("after")
        if entry.verb == "invitation_accepted" or (entry.verb == "membership_revoked" and before == "accepted"):
            accepted.setdefault(key, entry.happened_at)
        if entry.verb == "membership_changed" and isinstance(after, dict):
            sessions[key] = after.get("forum_sessions", [])
    return accepted, sessions


def downgrade():
    """Nothing to take away: what was put back is as true for an older version."""
