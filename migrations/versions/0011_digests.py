"""How often each member wants mail about what is new, and when somebody last had a page before their eyes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "digest_choices",
        sa.Column("membership_id", sa.Integer(), sa.ForeignKey(
            "memberships.id", name=op.f("fk_digest_choices_membership_id_memberships"), ondelete="CASCADE"),
            nullable=False),
        sa.Column("pace", sa.String(), nullable=False), sa.Column("pace_before", sa.String(), nullable=True),
        sa.Column("told_up_to", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("pace IN ('never', 'daily', 'at_once')", name=op.f("ck_digest_choices_pace_is_known")),
        sa.CheckConstraint("pace_before IN ('daily', 'at_once')",
                           name=op.f("ck_digest_choices_pace_before_is_known")),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("pk_digest_choices")))
    op.create_table(
        "digest_hours",
        sa.Column("meeting_id", sa.Integer(), sa.ForeignKey(
            "meetings.id", name=op.f("fk_digest_hours_meeting_id_meetings"), ondelete="CASCADE"), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_digest_hours_hour_is_of_a_day")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_digest_hours")))
    op.create_table(
        "digest_windows",
        sa.Column("mail_id", sa.Integer(), sa.ForeignKey(
            "outgoing_mails.id", name=op.f("fk_digest_windows_mail_id_outgoing_mails"), ondelete="CASCADE"),
            nullable=False),
        sa.Column("after_number", sa.Integer(), nullable=False),
        sa.Column("up_to_number", sa.Integer(), nullable=False),
        sa.CheckConstraint("after_number <= up_to_number", name=op.f("ck_digest_windows_window_is_no_hole")),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_digest_windows")))
    op.add_column("reading_marks", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("reading_marks", "read_at")
    for name in ("digest_windows", "digest_hours", "digest_choices"):
        op.drop_table(name)
