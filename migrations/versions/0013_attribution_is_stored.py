"""The rule of attribution, and the stakeholder group that is told, are stored with everything that somebody wrote.

What is there already gets the strictest rule of every session it is known to have stood in since it was written; where
that cannot be known, the strictest of its meeting.
"""

from collections import defaultdict
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("responses", "minority_holders", "summary_reviews", "sign_offs")
# From the rule that tells most to the one that tells least.
RULES = ("named", "role", "chatham")
# A group of fewer would name its people.
FEWEST = 3


def upgrade():
    for name in TABLES:
        # Whatever is written by somebody who does not know of the column is attributed to nobody.
        op.add_column(name, sa.Column("attribution", sa.String(), nullable=False, server_default="chatham"))
        op.add_column(name, sa.Column("role_label", sa.String(), nullable=False, server_default=sa.text("''")))
    promise_what_is_there(op.get_bind())


def downgrade():
    for name in TABLES:
        op.drop_column(name, "role_label")
        op.drop_column(name, "attribution")


MOMENT = sa.DateTime(timezone=True)
RESPONSES = sa.table("responses", *(sa.column(name) for name in (
    "id", "author_id", "question_id", "forum_session_id", "attribution", "role_label")), sa.column("posted_at", MOMENT))
SESSIONS = sa.table("forum_sessions", sa.column("id"), sa.column("meeting_id"), sa.column("attribution"))
SUMMARIES = sa.table("summaries", sa.column("id"), sa.column("forum_session_id"))
ENTRIES = sa.table("audit_entries", sa.column("meeting_id"), sa.column("verb"), sa.column("subject"),
                   sa.column("detail", sa.JSON), sa.column("happened_at", MOMENT))
EVENTS = sa.table("meeting_events", sa.column("kind"), sa.column("payload", sa.JSON), sa.column("happened_at", MOMENT))
MEMBERS = sa.table("memberships", *(sa.column(name) for name in (
    "id", "meeting_id", "person_id", "role", "stakeholder_group", "status")))
ASSIGNMENTS = sa.table("assignments", sa.column("membership_id"), sa.column("forum_session_id"))


def said(name, key, since, owner=None):
    """A table of what people said of a summary: its key, whose it is, and since when."""
    return sa.table(name, sa.column(key), sa.column("person_id"), sa.column("attribution"), sa.column("role_label"),
                    sa.column(since, MOMENT)), key, since, owner and sa.table(
                        owner, sa.column("id"), sa.column("summary_id"))


OF_SUMMARIES = (said("minority_holders", "position_id", "joined_at", "minority_positions"),
                said("summary_reviews", "line_id", "reviewed_at", "summary_lines"),
                said("sign_offs", "summary_id", "signed_at"))


def promise_what_is_there(connection):
    """Give every row its rule and its group, as they can be known now."""
    past = Past(connection)
    for row in connection.execute(sa.select(RESPONSES)).all():
        rule, label = past.promise(past.places(row), row.author_id, row.posted_at)
        connection.execute(sa.update(RESPONSES).where(RESPONSES.c.id == row.id).values(
            attribution=rule, role_label=label))
    for table, key, since, owner in OF_SUMMARIES:
        found = sa.select(table, SUMMARIES.c.forum_session_id)
        found = (found.join(owner, owner.c.id == table.c[key]).join(SUMMARIES, SUMMARIES.c.id == owner.c.summary_id)
                 if owner is not None else found.join(SUMMARIES, SUMMARIES.c.id == table.c[key]))
        for row in connection.execute(found).mappings().all():
            rule, label = past.promise({row["forum_session_id"]}, row["person_id"], row[since])
            connection.execute(sa.update(table).where(
                table.c[key] == row[key], table.c.person_id == row["person_id"]).values(
                    attribution=rule, role_label=label))


class Past:
    """What is known of where things stood, and under which rules."""

    def __init__(self, connection):
        self.sessions = {row.id: row for row in connection.execute(sa.select(SESSIONS))}
        questions = dict(connection.execute(sa.select(RESPONSES.c.id, RESPONSES.c.question_id)).all())
        # By question: where its thread stood, and when that was told.
        self.told, self.posted = defaultdict(list), set()
        for row in connection.execute(sa.select(EVENTS).where(EVENTS.c.kind.in_(("response_posted",
                                                                                  "response_changed")))):
            response_id = row.payload.get("response_id")
            if response_id in questions:
                self.told[questions[response_id]].append((row.happened_at, row.payload.get("forum_session_id")))
                if row.kind == "response_posted":
                    self.posted.add(response_id)
        self.imports, self.chosen = defaultdict(list), defaultdict(list)
        for row in connection.execute(sa.select(ENTRIES).where(ENTRIES.c.verb.in_(("agenda_imported",
                                                                                    "attribution_chosen")))):
            if row.verb == "agenda_imported":
                self.imports[row.meeting_id].append(row.happened_at)
            else:
                self.chosen[row.subject].append((row.happened_at, row.detail.get("before"), row.detail.get("after")))
        assigned = defaultdict(set)
        for row in connection.execute(sa.select(ASSIGNMENTS)):
            assigned[row.membership_id].add(row.forum_session_id)
        self.members = [(row, assigned[row.id]) for row in connection.execute(sa.select(MEMBERS))]
        self.counted = {}

    def places(self, response):
        """The sessions a response stood in. If nothing tells where it was posted, and an agenda was imported since,
        it may have stood in any of its meeting."""
        place = self.sessions[response.forum_session_id]
        if response.id not in self.posted and any(
                at >= response.posted_at for at in self.imports[place.meeting_id]):
            return {one.id for one in self.sessions.values() if one.meeting_id == place.meeting_id}
        told = {there for at, there in self.told[response.question_id] if at >= response.posted_at}
        return {response.forum_session_id} | (told & self.sessions.keys())

    def promise(self, places, person_id, since):
        """The strictest rule of these sessions since a moment, and the group that may be told."""
        rules = {rule for place in places for rule in self.rules(place, since)}
        rule = max(rules, key=RULES.index)
        if rule != "role":
            return rule, ""
        meeting = self.sessions[next(iter(places))].meeting_id
        group = next((row.stakeholder_group for row, _ in self.members
                      if (row.meeting_id, row.person_id) == (meeting, person_id)), "")
        is_large = bool(group) and all(self.accepted(place, group) >= FEWEST for place in places)
        return rule, group if is_large else ""

    def rules(self, place, since):
        """The rules of a session from a moment on."""
        found = {self.sessions[place].attribution}
        for at, before, after in self.chosen[f"forum session {place}"]:
            if at >= since:
                found |= {before or RULES[-1], after or RULES[-1]}
        return found & set(RULES)

    def accepted(self, place, group):
        """How many people of a group have accepted and speak in a session."""
        if (place, group) not in self.counted:
            meeting = self.sessions[place].meeting_id
            self.counted[place, group] = sum(
                row.meeting_id == meeting and row.stakeholder_group == group and row.status == "accepted"
                and row.role != "observer" and (row.role == "organizer" or not there or place in there)
                for row, there in self.members)
        return self.counted[place, group]
