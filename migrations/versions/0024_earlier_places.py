"""What somebody was in a session stays known when their role, sessions or group change.

What is known of changes before this is read once from the log, and from the votes: whoever voted in a session took part
in it. Of the rest nothing is said.
"""

from collections import defaultdict
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MOMENTS = ("invited_at", "accepted_at", "declined_at", "revoked_at")
MEMBERS = sa.table("memberships", *(sa.column(name) for name in (
    "id", "meeting_id", "person_id", "role", "stakeholder_group", "status")),
    *(sa.column(name, MOMENT) for name in MOMENTS))
ASSIGNMENTS = sa.table("assignments", sa.column("membership_id"), sa.column("forum_session_id"))
SESSIONS = sa.table("forum_sessions", sa.column("id"), sa.column("meeting_id"), sa.column("state"),
                    sa.column("closed_at", MOMENT))
POLLS = sa.table("polls", sa.column("id"), sa.column("forum_session_id"))
ROUNDS = sa.table("rounds", sa.column("id"), sa.column("poll_id"))
BOXES = [sa.table(name, sa.column("round_id"), sa.column("person_id")) for name in ("votes", "participations")]
ENTRIES = sa.table("audit_entries", sa.column("meeting_id"), sa.column("verb"), sa.column("subject"),
                   sa.column("number"), sa.column("detail", sa.JSON), sa.column("happened_at", MOMENT))
PLACES = sa.table("earlier_places", *(sa.column(name) for name in (
    "membership_id", "forum_session_id", "role", "stakeholder_group", "status")),
    *(sa.column(name, MOMENT) for name in (*MOMENTS, "began_at", "ended_at")))


def upgrade():
    op.create_table(
        "earlier_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("forum_session_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("stakeholder_group", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        *(sa.Column(name, MOMENT, nullable=name != "invited_at") for name in MOMENTS),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["memberships.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["forum_session_id"], ["forum_sessions.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"))
    for name in ("membership_id", "forum_session_id"):
        op.create_index(f"ix_earlier_places_{name}", "earlier_places", [name])
    op.add_column("memberships", sa.Column("placed_at", MOMENT, nullable=True))
    op.add_column("forum_sessions", sa.Column("closed_at", MOMENT, nullable=True))
    connection = op.get_bind()
    members = {(one.meeting_id, one.person_id): one for one in connection.execute(sa.select(MEMBERS))}
    there = defaultdict(set)
    for identifier, meeting_id in connection.execute(sa.select(SESSIONS.c.id, SESSIONS.c.meeting_id)):
        there[meeting_id].add(identifier)
    note_closes(connection)
    kept = note_changes(connection, members, there)
    note_voters(connection, members, there, kept)


def entries_of(connection, verbs):
    """What the log holds of these verbs: (meeting, number in the subject, entry), oldest first."""
    for entry in connection.execute(sa.select(ENTRIES).where(
            ENTRIES.c.verb.in_(verbs), ENTRIES.c.meeting_id.is_not(None)).order_by(
                ENTRIES.c.meeting_id, ENTRIES.c.number)).all():
        number = entry.subject.rpartition(" ")[2]
        if number.isdecimal():
            yield entry.meeting_id, int(number), entry


def note_closes(connection):
    """When sessions that are closed were closed last."""
    closes = {number: entry.happened_at for _, number, entry in entries_of(connection, ["forum_session_close"])}
    for identifier, moment in closes.items():
        connection.execute(sa.update(SESSIONS).where(
            SESSIONS.c.id == identifier, SESSIONS.c.state.in_(["closed", "summarised"])).values(closed_at=moment))


def note_changes(connection, members, there):
    """The places that the log says people had before; by (membership, session) whoever took part."""
    kept, began = set(), {}
    for meeting_id, number, entry in entries_of(connection, ["membership_changed"]):
        member, before = members.get((meeting_id, number)), (entry.detail or {}).get("before")
        if member is None or not isinstance(before, dict) or "role" not in before:
            continue
        start, began[member.id] = began.get(member.id, member.invited_at), entry.happened_at
        connection.execute(sa.text("UPDATE memberships SET placed_at = :at WHERE id = :id").bindparams(
            sa.bindparam("at", type_=MOMENT)), {"at": entry.happened_at, "id": member.id})
        if before["role"] not in ("participant", "facilitator") or before == entry.detail.get("after"):
            continue
        wanted = set(before.get("forum_sessions") or there[meeting_id]) & there[meeting_id]
        for identifier in sorted(wanted):
            keep(connection, member, identifier, role=before["role"], status=before.get("status", member.status),
                 began_at=min(start, entry.happened_at), ended_at=entry.happened_at)
            if before["role"] == "participant":
                kept.add((member.id, identifier))
    return kept


def note_voters(connection, members, there, kept):
    """Whoever voted in a session took part in it, also where nothing else says so."""
    assigned = defaultdict(set)
    for membership_id, identifier in connection.execute(sa.select(ASSIGNMENTS)):
        assigned[membership_id].add(identifier)
    meeting_of = {identifier: meeting_id for meeting_id, found in there.items() for identifier in found}
    voted = {row for box in BOXES for row in connection.execute(
        sa.select(POLLS.c.forum_session_id, box.c.person_id).join_from(box, ROUNDS, ROUNDS.c.id == box.c.round_id)
        .join(POLLS, POLLS.c.id == ROUNDS.c.poll_id)).all()}
    moment = datetime.now(UTC)
    for identifier, person_id in sorted(voted):
        member = members.get((meeting_of[identifier], person_id))
        if member is None or (member.id, identifier) in kept:
            continue
        places = assigned[member.id]
        if member.role != "participant" or (places and identifier not in places):
            keep(connection, member, identifier, role="participant", status="accepted",
                 began_at=member.invited_at, ended_at=moment)


def keep(connection, member, identifier, **facts):
    """Store one place as it was, under the group that is known now."""
    connection.execute(sa.insert(PLACES).values(
        membership_id=member.id, forum_session_id=identifier, stakeholder_group=member.stakeholder_group,
        invited_at=member.invited_at, accepted_at=None, declined_at=None, revoked_at=None, **facts))


def downgrade():
    op.drop_column("forum_sessions", "closed_at")
    op.drop_column("memberships", "placed_at")
    op.drop_table("earlier_places")
