"""What is told of groups in each revealed round."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "group_reports",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("rounds.id", ondelete="CASCADE"), nullable=False),
        sa.Column("round_version", sa.Integer(), nullable=False),
        sa.Column("declared", sa.JSON(none_as_null=True)),
        sa.Column("found", sa.JSON(none_as_null=True)),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_group_reports")))
    op.create_index(op.f("ix_group_reports_is_waiting"), "group_reports", ["is_waiting"])


def downgrade():
    op.drop_table("group_reports")
