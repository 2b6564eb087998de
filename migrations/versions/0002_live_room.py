"""The live room: terms of each round, timers, secret ballots, receipts, deviations, stages.

Revision ID: 0002
Revises: 0001

"""
import hashlib
import json
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def upgrade():
    with op.batch_alter_table("options") as table:
        table.add_column(sa.Column("since_round", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("until_round", sa.Integer()))
    with op.batch_alter_table("rounds") as table:
        table.add_column(sa.Column("terms", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("terms_hash", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("options_at_close", sa.JSON()))
        table.add_column(sa.Column("ends_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("grace_seconds", sa.Integer(), nullable=False, server_default="3"))
        table.add_column(sa.Column("nudged_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("had_feedback", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("votes") as table:
        table.add_column(sa.Column("code", sa.String(), nullable=False, server_default=""))
    _fill()
    with op.batch_alter_table("options") as table:
        table.alter_column("since_round", server_default=None)
    with op.batch_alter_table("rounds") as table:
        for name in ("terms", "terms_hash", "grace_seconds", "had_feedback"):
            table.alter_column(name, server_default=None)
    with op.batch_alter_table("votes") as table:
        table.alter_column("code", server_default=None)
        table.create_unique_constraint(table.f("uq_votes_round_id_code"), ["round_id", "code"])
    with op.batch_alter_table("vote_changes") as table:
        table.drop_constraint("uq_vote_changes_round_id_person_id_key", type_="unique")
        table.create_unique_constraint(
            table.f("uq_vote_changes_key_person_id_round_id"), ["key", "person_id", "round_id"])
    op.create_table(
        "participations",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("rounds.id", ondelete="CASCADE"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_participations")),
        sqlite_with_rowid=False)
    op.create_table(
        "secret_ballots",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("rounds.id", ondelete="CASCADE"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "code", name=op.f("pk_secret_ballots")),
        sqlite_with_rowid=False)
    op.create_table(
        "late_votes",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("rounds.id", ondelete="CASCADE"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_late_votes")))
    op.create_table(
        "deviations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), sa.ForeignKey("polls.id", ondelete="CASCADE"), nullable=False),
        sa.Column("from_round", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="SET NULL")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviations")))
    op.create_index(op.f("ix_deviations_poll_id"), "deviations", ["poll_id"])
    op.create_table(
        "stages",
        sa.Column("forum_session_id", sa.Integer(), sa.ForeignKey("forum_sessions.id", ondelete="CASCADE"),
                  nullable=False),
        sa.Column("join_code", sa.String(), nullable=False),
        sa.Column("lead_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="SET NULL")),
        sa.Column("poll_id", sa.Integer(), sa.ForeignKey("polls.id", ondelete="SET NULL")),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("forum_session_id", name=op.f("pk_stages")),
        sa.UniqueConstraint("join_code", name=op.f("uq_stages_join_code")))
    _make_stages()


def _fill():
    """Rounds held so far were asked under their poll's words and rules of now, which could not change; votes cast
    so far get codes."""
    connection = op.get_bind()
    polls, options, rounds, votes = (
        sa.Table(name, sa.MetaData(), autoload_with=connection) for name in ("polls", "options", "rounds", "votes"))
    for poll in connection.execute(sa.select(polls)).all():
        statements = connection.execute(
            sa.select(options.c.id, options.c.text).where(options.c.poll_id == poll.id)
            .order_by(options.c.position)).all()
        terms = {"kind": poll.kind, "title": poll.title, "settings": poll.settings, "rule": poll.rule,
                 "secrecy": poll.secrecy, "visibility": poll.visibility,
                 "options": [{"key": f"o{option.id}", "text": option.text, "since_round": 1}
                             for option in statements]}
        hashed = terms | {"options": [[option.text, 1] for option in statements]}
        digest = hashlib.sha256(json.dumps(hashed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        connection.execute(sa.update(rounds).where(rounds.c.poll_id == poll.id).values(
            terms=terms, terms_hash=digest))
        connection.execute(sa.update(polls).where(polls.c.id == poll.id, polls.c.frozen_hash != "").values(
            frozen_hash=digest))
    for vote in connection.execute(sa.select(votes.c.round_id, votes.c.person_id)).all():
        code = "".join(secrets.choice(LETTERS) for _ in range(16))
        connection.execute(
            sa.update(votes).where(votes.c.round_id == vote.round_id, votes.c.person_id == vote.person_id)
            .values(code="-".join(code[place:place + 4] for place in range(0, 16, 4))))


def _make_stages():
    connection = op.get_bind()
    sessions, stages = (sa.Table(name, sa.MetaData(), autoload_with=connection)
                        for name in ("forum_sessions", "stages"))
    taken = set()
    for identifier in connection.scalars(sa.select(sessions.c.id)).all():
        code = ""
        while not code or code in taken:
            code = "".join(secrets.choice(LETTERS) for _ in range(5))
        taken.add(code)
        connection.execute(sa.insert(stages).values(
            forum_session_id=identifier, join_code=code, changed_at=sa.func.now()))


def downgrade():
    op.drop_table("stages")
    op.drop_table("deviations")
    op.drop_table("late_votes")
    op.drop_table("secret_ballots")
    op.drop_table("participations")
    with op.batch_alter_table("vote_changes") as table:
        table.drop_constraint("uq_vote_changes_key_person_id_round_id", type_="unique")
        table.create_unique_constraint(
            table.f("uq_vote_changes_round_id_person_id_key"), ["round_id", "person_id", "key"])
    with op.batch_alter_table("votes") as table:
        table.drop_constraint("uq_votes_round_id_code", type_="unique")
        table.drop_column("code")
    with op.batch_alter_table("rounds") as table:
        for name in ("terms", "terms_hash", "options_at_close", "ends_at", "grace_seconds", "nudged_at",
                     "had_feedback"):
            table.drop_column(name)
    with op.batch_alter_table("options") as table:
        table.drop_column("since_round")
        table.drop_column("until_round")
