"""Sign-ins know which single meeting they are for, and how the person came in; those that may be a card's end."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("sign_ins") as table:
        table.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("means", sa.String(), nullable=False, server_default=""))
        table.create_foreign_key(table.f("fk_sign_ins_meeting_id_meetings"), "meetings", ["meeting_id"], ["id"],
                                 ondelete="CASCADE")
    with op.batch_alter_table("sign_ins") as table:
        table.alter_column("means", server_default=None)
    op.create_index(op.f("ix_sign_ins_meeting_id"), "sign_ins", ["meeting_id"])
    _end_those_of_cards(op.get_bind())


def _end_those_of_cards(connection):
    """Until now a card opened its owner's whole account, and rows do not say which sign-ins came from one. All end that
    are younger than a card of the person; whoever came in otherwise signs in once more."""
    first = dict(connection.execute(sa.text(
        "SELECT person_id, min(created_at) FROM sign_in_links WHERE is_for_door AND used_at IS NOT NULL "
        "GROUP BY person_id")).all())
    # A purge deletes a meeting's links; its log still tells whom cards were printed for.
    purged = connection.execute(sa.text(
        "SELECT detail, happened_at FROM audit_entries WHERE verb = 'cards_printed' AND NOT EXISTS (SELECT 1 FROM "
        "sign_in_links WHERE is_for_door AND sign_in_links.meeting_id = audit_entries.meeting_id)")).all()
    for detail, printed_at in purged:
        found = json.loads(detail) if isinstance(detail, str) else detail
        for person_id in found.get("people", []):
            first[person_id] = min(first.get(person_id, printed_at), printed_at)
    end = sa.text("UPDATE sign_ins SET revoked_at = CURRENT_TIMESTAMP WHERE person_id = :person "
                  "AND created_at >= :since AND revoked_at IS NULL")
    for person_id, since in first.items():
        connection.execute(end, {"person": person_id, "since": since})
    connection.execute(sa.text("DELETE FROM second_steps WHERE link_id IN (SELECT id FROM sign_in_links "
                               "WHERE is_for_door)"))


def downgrade():
    # The earlier version would take each of them for a sign-in to the whole account.
    op.execute("DELETE FROM sign_ins WHERE meeting_id IS NOT NULL")
    op.drop_index(op.f("ix_sign_ins_meeting_id"), "sign_ins")
    with op.batch_alter_table("sign_ins") as table:
        table.drop_constraint(table.f("fk_sign_ins_meeting_id_meetings"), type_="foreignkey")
        table.drop_column("means")
        table.drop_column("meeting_id")
