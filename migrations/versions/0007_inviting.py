"""Inviting: what organizers wrote, words of mails, calendars, long lists, and mails that are never sent twice."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def meeting(**options):
    return sa.Column(
        "meeting_id", sa.Integer(), sa.ForeignKey("meetings.id", ondelete="CASCADE"), nullable=False, **options)


def upgrade():
    op.create_table(
        "mail_wordings", sa.Column("id", sa.Integer(), nullable=False), meeting(),
        sa.Column("kind", sa.String(), nullable=False), sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False), sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_wordings")),
        sa.UniqueConstraint("meeting_id", "kind", "number", name=op.f("uq_mail_wordings_meeting_id_kind_number")))
    op.create_table(
        "meeting_calendars", meeting(), sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meeting_calendars")))
    op.create_table(
        "calendar_entries",
        sa.Column("membership_id", sa.Integer(), sa.ForeignKey("memberships.id", ondelete="CASCADE"), nullable=False),
        sa.Column("key", sa.String(), nullable=False), sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False), sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("membership_id", "key", name=op.f("pk_calendar_entries")))
    op.create_table(
        "list_imports", sa.Column("id", sa.Integer(), nullable=False), meeting(),
        sa.Column("requested_by_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        sa.Column("text", sa.String(), nullable=False), sa.Column("sends_mail", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False), sa.Column("done_rows", sa.Integer(), nullable=False),
        sa.Column("total_rows", sa.Integer(), nullable=False), sa.Column("error", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('queued', 'done', 'failed')", name=op.f("ck_list_imports_state_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_imports")))
    for name in ("meeting_id", "requested_by_id", "state"):
        op.create_index(op.f(f"ix_list_imports_{name}"), "list_imports", [name])
    # Not as a batch: a table that others refer to would be made anew, and dropping the old one would empty them.
    op.add_column("memberships", sa.Column("invited_name", sa.String()))
    op.add_column("memberships", sa.Column("invited_affiliation", sa.String()))
    op.add_column("memberships", sa.Column("opened_at", sa.DateTime(timezone=True)))
    op.add_column("memberships", sa.Column("declined_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("sign_in_links") as batch:
        batch.add_column(sa.Column("starts_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("is_for_door", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("sign_in_links") as batch:
        batch.alter_column("is_for_door", existing_type=sa.Boolean(), server_default=None, existing_nullable=False)
    with op.batch_alter_table("outgoing_mails") as batch:
        batch.add_column(sa.Column("wording_id", sa.Integer()))
        batch.add_column(sa.Column("is_test", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("message_id", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("due_at", sa.DateTime(timezone=True)))
        batch.create_foreign_key(
            batch.f("fk_outgoing_mails_wording_id_mail_wordings"), "mail_wordings", ["wording_id"], ["id"],
            ondelete="SET NULL")
    op.execute("UPDATE outgoing_mails SET due_at = queued_at")
    with op.batch_alter_table("outgoing_mails") as batch:
        batch.alter_column("is_test", existing_type=sa.Boolean(), server_default=None, existing_nullable=False)
        batch.alter_column("message_id", existing_type=sa.String(), server_default=None, existing_nullable=False)
        batch.alter_column("due_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade():
    # The earlier program knows fewer states: what may have gone out is not sent again.
    op.execute("UPDATE outgoing_mails SET state = 'failed' WHERE state IN ('handed', 'unsure', 'bounced')")
    op.execute("UPDATE memberships SET status = 'revoked', revoked_at = declined_at WHERE status = 'declined'")
    with op.batch_alter_table("outgoing_mails") as batch:
        batch.drop_constraint(batch.f("fk_outgoing_mails_wording_id_mail_wordings"), type_="foreignkey")
        for name in ("wording_id", "is_test", "message_id", "due_at"):
            batch.drop_column(name)
    with op.batch_alter_table("sign_in_links") as batch:
        for name in ("starts_at", "is_for_door"):
            batch.drop_column(name)
    for name in ("invited_name", "invited_affiliation", "opened_at", "declined_at"):
        op.execute(f"ALTER TABLE memberships DROP COLUMN {name}")
    for name in ("list_imports", "calendar_entries", "meeting_calendars", "mail_wordings"):
        op.drop_table(name)
