"""How many people a summary asked to review and sign; null in those that were asked about before."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("summaries", sa.Column("asked", sa.Integer(), nullable=True))


def downgrade():
    op.drop_column("summaries", "asked")
