"""Exports that can be cancelled, asked for again, and that are kept for a time."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

STATES = "state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'expired')"
EARLIER_STATES = "state IN ('queued', 'running', 'done', 'failed')"


def upgrade():
    with op.batch_alter_table("export_jobs") as table:
        table.add_column(sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("queued_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("expires_at", sa.DateTime(timezone=True)))
        table.drop_constraint(table.f("ck_export_jobs_state_is_known"), type_="check")
        table.create_check_constraint(table.f("ck_export_jobs_state_is_known"), STATES)
    # Files made so far are kept from now on for as long as new ones: nobody was told that they would go.
    connection = op.get_bind()
    jobs = sa.table("export_jobs", *(sa.column(name, sa.DateTime(timezone=True))
                                     for name in ("created_at", "queued_at", "expires_at")), sa.column("state"))
    connection.execute(sa.update(jobs).values(queued_at=jobs.c.created_at))
    connection.execute(sa.update(jobs).where(jobs.c.state == "done").values(
        expires_at=datetime.now(UTC) + timedelta(days=30)))
    with op.batch_alter_table("export_jobs") as table:
        table.alter_column("attempt", existing_type=sa.Integer(), server_default=None)
        table.alter_column("queued_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade():
    op.execute("UPDATE export_jobs SET state = 'failed', error = 'Make it again.' "
               "WHERE state IN ('cancelled', 'expired')")
    with op.batch_alter_table("export_jobs") as table:
        table.drop_constraint(table.f("ck_export_jobs_state_is_known"), type_="check")
        table.create_check_constraint(table.f("ck_export_jobs_state_is_known"), EARLIER_STATES)
        for name in ("attempt", "queued_at", "expires_at"):
            table.drop_column(name)
