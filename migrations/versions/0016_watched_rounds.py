"""Results that are watched while people vote move in steps: up to where they are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COLUMNS = ("shown_change_id", "held_change_id")


def upgrade():
    for name in COLUMNS:
        op.add_column("rounds", sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0")))
    # Rounds that are open have shown all their votes already; the next step begins behind them.
    newest = "(SELECT COALESCE(MAX(id), 0) FROM vote_changes WHERE vote_changes.round_id = rounds.id)"
    op.execute(f"UPDATE rounds SET shown_change_id = {newest}, held_change_id = {newest} WHERE closed_at IS NULL")


def downgrade():
    for name in COLUMNS:
        op.drop_column("rounds", name)
