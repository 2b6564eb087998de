"""When somebody was last put into another stakeholder group."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("memberships", sa.Column("regrouped_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("memberships", "regrouped_at")
