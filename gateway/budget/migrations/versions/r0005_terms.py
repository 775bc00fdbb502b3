"""What charges mean (guarantee and unit), and the calendar that an account's period runs under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.budget.migrations.append_only import protect

revision = "r0005"
down_revision = "r0004"

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Forwards; accounts of before keep no calendar until they are charged again."""
    op.add_column("accounts", sa.Column("renews", sa.Text))
    op.add_column("accounts", sa.Column("zone", sa.Text))
    op.add_column("accounts", sa.Column("ends_at", sa.BigInteger))
    op.create_table(
        "terms",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("guarantee", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("tables", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_terms"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_terms_dataset", "terms", ["dataset"])
    protect("terms")
