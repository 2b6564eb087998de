"""The log notes what was done in a browser that a door card had signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("audit_entries", sa.Column("through", sa.String(), server_default=sa.text("''"), nullable=False))


def downgrade():
    op.drop_column("audit_entries", "through")
