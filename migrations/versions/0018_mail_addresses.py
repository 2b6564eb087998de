"""Where a mail goes that is not for the address stored with the person: to one that is to be confirmed, or was before."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("outgoing_mails") as table:
        table.add_column(sa.Column("address", sa.String(), nullable=True))


def downgrade():
    with op.batch_alter_table("outgoing_mails") as table:
        table.drop_column("address")
