"""What a meeting's organizer wrote stays that meeting's: the address it knew, and no name of an account."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# People whom a meeting has seen have a name that is shown as theirs; of others it is what some organizer wrote.
_SEEN = """is_host = true OR NOT EXISTS (SELECT 1 FROM memberships WHERE person_id = people.id)
    OR EXISTS (SELECT 1 FROM memberships WHERE person_id = people.id
               AND (accepted_at IS NOT NULL OR status = 'accepted' OR invited_name IS NULL))"""


def upgrade():
    op.add_column("memberships", sa.Column("address_here", sa.String(), nullable=True))
    op.add_column("people", sa.Column("named_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(f"UPDATE people SET named_at = created_at WHERE {_SEEN}")


def downgrade():
    op.drop_column("people", "named_at")
    op.drop_column("memberships", "address_here")
