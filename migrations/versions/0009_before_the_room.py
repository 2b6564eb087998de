"""Interests, rules of entry and acknowledgements; recusals; flags to the chair."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _to(name, target, *, nullable=False, ondelete="CASCADE"):
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id", ondelete=ondelete), nullable=nullable)


def _moment(name, *, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name):
    return sa.Column(name, sa.String(), nullable=False)


def upgrade():
    op.create_table(
        "disclosures", sa.Column("id", sa.Integer(), nullable=False), _to("meeting_id", "meetings"),
        _to("person_id", "people"), _to("forum_session_id", "forum_sessions", nullable=True),
        sa.Column("number", sa.Integer(), nullable=False), _text("stance"), _text("financial"), _text("advocacy"),
        _moment("declared_at"),
        sa.CheckConstraint("stance IN ('interests', 'nothing', 'as_meeting')",
                           name=op.f("ck_disclosures_stance_is_known")),
        sa.CheckConstraint("stance <> 'as_meeting' OR forum_session_id IS NOT NULL",
                           name=op.f("ck_disclosures_meeting_stands_alone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
        sa.UniqueConstraint("meeting_id", "person_id", "number", name=op.f("uq_disclosures_meeting_id_person_id_number")))
    op.create_index(op.f("ix_disclosures_person_id"), "disclosures", ["person_id"])
    # Meetings that are there already have no rule, and so ask nobody in their midst.
    op.create_table(
        "entry_rules", _to("meeting_id", "meetings"), sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_entry_rules")))
    op.create_table(
        "notices", sa.Column("id", sa.Integer(), nullable=False), _to("meeting_id", "meetings"),
        sa.Column("number", sa.Integer(), nullable=False), _text("text"),
        _to("written_by_id", "people", nullable=True, ondelete="SET NULL"), _moment("written_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_notices_meeting_id_number")))
    op.create_table(
        "acknowledgements", _to("forum_session_id", "forum_sessions"), _to("person_id", "people"),
        _moment("acknowledged_at"), sa.Column("notice_number", sa.Integer(), nullable=False), _text("notice_hash"),
        _text("attribution"), sa.Column("may_be_listed", sa.Boolean(), nullable=False),
        sa.Column("may_be_quoted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("forum_session_id", "person_id", name=op.f("pk_acknowledgements")))
    op.create_table(
        "recusals", sa.Column("id", sa.Integer(), nullable=False), _to("forum_session_id", "forum_sessions"),
        _to("poll_id", "polls", nullable=True), _to("person_id", "people"),
        _to("made_by_id", "people", nullable=True, ondelete="SET NULL"), _text("reason"), _moment("made_at"),
        _moment("taken_back_at", nullable=True),
        _to("taken_back_by_id", "people", nullable=True, ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusals")))
    op.create_index(op.f("ix_recusals_forum_session_id"), "recusals", ["forum_session_id"])
    op.create_table(
        "response_flags", sa.Column("id", sa.Integer(), nullable=False), _to("forum_session_id", "forum_sessions"),
        _to("response_id", "responses"), _to("flagged_by_id", "people"), _text("reason"), _moment("flagged_at"),
        _moment("decided_at", nullable=True), _to("decided_by_id", "people", nullable=True, ondelete="SET NULL"),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_flags")),
        sa.UniqueConstraint("response_id", "flagged_by_id", name=op.f("uq_response_flags_response_id_flagged_by_id")))
    op.create_index(
        "ix_response_flags_one_open", "response_flags", ["forum_session_id", "flagged_by_id"], unique=True,
        sqlite_where=sa.text("decided_at IS NULL"), postgresql_where=sa.text("decided_at IS NULL"))
    # Not as a batch: a table that others refer to would be made anew, and dropping the old one would empty them.
    op.add_column("rounds", sa.Column("recused", sa.Integer(), nullable=True))
    op.add_column("responses", _moment("review_since", nullable=True))


def downgrade():
    op.drop_column("responses", "review_since")
    op.drop_column("rounds", "recused")
    for name in ("response_flags", "recusals", "acknowledgements", "notices", "entry_rules", "disclosures"):
        op.drop_table(name)
