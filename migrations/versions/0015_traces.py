"""What waits to leave the database's files."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "trace_removals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transaction_number", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_removals")))
    # What earlier versions deleted lies in the files still.
    op.execute("INSERT INTO trace_removals (kind, asked_at) VALUES ('erasure', CURRENT_TIMESTAMP)")


def downgrade():
    op.drop_table("trace_removals")
