"""The audit log becomes a chain; erased people, redacted versions, retention and purge certificates."""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ENTRIES = sa.table(
    "audit_entries", sa.column("id", sa.Integer), sa.column("meeting_id", sa.Integer),
    sa.column("actor_id", sa.Integer), sa.column("verb", sa.String), sa.column("subject", sa.String),
    sa.column("detail", sa.JSON), sa.column("happened_at", sa.DateTime(timezone=True)),
    sa.column("chain", sa.Integer), sa.column("number", sa.Integer), sa.column("detail_hash", sa.String),
    sa.column("hash", sa.String))
HEADS = sa.table("audit_heads", sa.column("chain", sa.Integer), sa.column("number", sa.Integer),
                 sa.column("hash", sa.String))


def upgrade():
    op.create_table(
        "audit_heads",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_heads")))
    for name, kind in (("chain", sa.Integer()), ("number", sa.Integer()), ("detail_hash", sa.String()),
                       ("hash", sa.String()), ("struck_at", sa.DateTime(timezone=True))):
        op.add_column("audit_entries", sa.Column(name, kind, nullable=True))
    chain_what_is_there()
    with op.batch_alter_table("audit_entries") as batch:
        for name, kind in (("chain", sa.Integer()), ("number", sa.Integer()), ("detail_hash", sa.String()),
                           ("hash", sa.String())):
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.create_unique_constraint(batch.f("uq_audit_entries_chain_number"), ["chain", "number"])
    op.add_column("people", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("published_versions", sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "retention_rules",
        sa.Column("meeting_id", sa.Integer(), sa.ForeignKey("meetings.id", ondelete="CASCADE"), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days >= 1", name=op.f("ck_retention_rules_days_are_some")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_retention_rules")))
    op.create_table(
        "purge_certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), sa.ForeignKey("meetings.id", ondelete="CASCADE"), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge_certificates")))
    op.create_index(op.f("ix_purge_certificates_meeting_id"), "purge_certificates", ["meeting_id"])


def chain_what_is_there():
    """Number and chain the entries written before there were chains, in the order in which they were stored."""
    connection = op.get_bind()
    heads = {}
    for row in connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.id)).all():
        chain = row.meeting_id or 0
        number, before = heads.get(chain, (0, ""))
        detail_hash = sha256(row.detail)
        moment = aware(row.happened_at).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        own = sha256([chain, number + 1, moment, row.actor_id, row.verb, row.subject, detail_hash, before])
        heads[chain] = (number + 1, own)
        connection.execute(sa.update(ENTRIES).where(ENTRIES.c.id == row.id).values(
            chain=chain, number=number + 1, detail_hash=detail_hash, hash=own))
    for chain, (number, own) in heads.items():
        connection.execute(sa.insert(HEADS).values(chain=chain, number=number, hash=own))


def aware(moment):
    # Written out here: what a migration once computed must not change with the program.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def sha256(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def downgrade():
    op.drop_table("purge_certificates")
    op.drop_table("retention_rules")
    with op.batch_alter_table("published_versions") as batch:
        batch.drop_column("redacted_at")
    op.execute("ALTER TABLE people DROP COLUMN erased_at")
    with op.batch_alter_table("audit_entries") as batch:
        batch.drop_constraint("uq_audit_entries_chain_number", type_="unique")
        for name in ("struck_at", "hash", "detail_hash", "number", "chain"):
            batch.drop_column(name)
    op.drop_table("audit_heads")
