"""Rules that ask each stakeholder group are judged by the groups at the close of a round."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("rounds", sa.Column("groups_at_close", sa.JSON(), nullable=True))


def downgrade():
    op.drop_column("rounds", "groups_at_close")
