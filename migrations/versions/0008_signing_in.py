"""Signing in: codes for the other device, authenticator apps, recovery codes and passkeys."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def person(**options):
    options = {"nullable": False, **options}
    return sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id", ondelete="CASCADE"), **options)


def moment(name, *, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number():
    return sa.Column("id", sa.Integer(), nullable=False)


def text(name):
    return sa.Column(name, sa.String(), nullable=False)


def whole(name):
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade():
    op.create_table(
        "sign_in_codes", number(), person(nullable=True),
        sa.Column("mail_id", sa.Integer(), sa.ForeignKey("outgoing_mails.id", ondelete="CASCADE")),
        sa.Column("link_id", sa.Integer(), sa.ForeignKey("sign_in_links.id", ondelete="CASCADE")),
        text("asked_hash"), text("address_hash"), text("code_hash"), whole("tries"), moment("created_at"),
        moment("expires_at"), moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_codes")),
        sa.UniqueConstraint("asked_hash", name=op.f("uq_sign_in_codes_asked_hash")))
    op.create_table(
        "second_steps", number(), person(),
        sa.Column("link_id", sa.Integer(), sa.ForeignKey("sign_in_links.id", ondelete="CASCADE")),
        text("token_hash"), text("means"), whole("tries"), moment("created_at"), moment("expires_at"),
        moment("done_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_steps")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_second_steps_token_hash")))
    op.create_table(
        "authenticators", person(), text("sealed_secret"), whole("last_step"), moment("created_at"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_authenticators")))
    op.create_table(
        "recovery_codes", number(), person(), text("code_hash"), moment("created_at"), moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")))
    op.create_table(
        "passkeys", number(), person(), text("credential_id"), text("public_key"), text("user_handle"),
        whole("sign_count"), text("name"), moment("created_at"), moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")))
    op.create_table(
        "spent_challenges", text("challenge_hash"), moment("spent_at"),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_spent_challenges")))
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


INDEXES = {
    "sign_in_codes": ("person_id", "mail_id", "link_id", "address_hash"), "second_steps": ("person_id", "link_id"),
    "recovery_codes": ("person_id",), "passkeys": ("person_id",), "spent_challenges": ("spent_at",)}


def downgrade():
    for table in ("spent_challenges", "passkeys", "recovery_codes", "authenticators", "second_steps", "sign_in_codes"):
        op.drop_table(table)
