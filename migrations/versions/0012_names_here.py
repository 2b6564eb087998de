"""Names as a meeting shows them, where they were corrected, and those under which somebody stood there before."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("memberships") as table:
        table.add_column(sa.Column("name_here", sa.String(), nullable=True))
        table.add_column(sa.Column("affiliation_here", sa.String(), nullable=True))
        table.add_column(sa.Column("earlier_names", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("memberships") as table:
        table.alter_column("earlier_names", existing_type=sa.JSON(), server_default=None, existing_nullable=False)


def downgrade():
    with op.batch_alter_table("memberships") as table:
        table.drop_column("earlier_names")
        table.drop_column("affiliation_here")
        table.drop_column("name_here")
