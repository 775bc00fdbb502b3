"""The end of the audit chain is signed; the public keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.budget.migrations.append_only import protect

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    """Forwards; there is no way back, for records are never removed."""
    op.add_column("audit_head", sa.Column("key_id", sa.Text))
    op.add_column("audit_head", sa.Column("signature", sa.Text))
    op.create_table(
        "signing_keys",
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_signing_keys"),
    )
    protect("signing_keys")
