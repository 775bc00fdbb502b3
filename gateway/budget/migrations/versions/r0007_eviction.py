"""How much stored answers take, when they were used, and which were removed to make room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0007"
down_revision = "r0006"


def upgrade() -> None:
    """Forwards; what is stored counts as used when it was stored, and as relied on by none."""
    zero = sa.text("0")
    op.add_column("releases", sa.Column("size", sa.BigInteger, nullable=False, server_default=zero))
    op.add_column(
        "releases", sa.Column("used_at", sa.BigInteger, nullable=False, server_default=zero)
    )
    op.add_column(
        "releases",
        sa.Column("relied_on", sa.SmallInteger, nullable=False, server_default=zero),
    )
    op.execute(
        "UPDATE releases SET used_at = stored_at, "
        "size = LENGTH(noisy) + COALESCE(LENGTH(family), 0) + COALESCE(LENGTH(described), 0)"
    )
    op.create_index("ix_releases_relied_on_used_at", "releases", ["relied_on", "used_at"])
    op.create_table(
        "answer_store",
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("evicted", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("dataset", name="pk_answer_store"),
        sa.CheckConstraint("bytes >= 0", name=op.f("ck_answer_store_bytes")),
    )
    op.execute(
        "INSERT INTO answer_store (dataset, bytes, evicted) "
        "SELECT dataset, SUM(size), 0 FROM releases GROUP BY dataset"
    )
    op.create_table(
        "evictions",
        sa.Column("release_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("data_version", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("release_id", name="pk_evictions"),
    )
    op.create_index("ix_evictions_dataset_fingerprint", "evictions", ["dataset", "fingerprint"])
