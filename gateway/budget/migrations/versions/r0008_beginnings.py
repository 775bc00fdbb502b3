"""When an account's period began: the day that names it does not say so after a rebase."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0008"
down_revision = "r0007"


def upgrade() -> None:
    """Forwards; periods of before began at the midnight of the day that they are named by."""
    op.add_column("accounts", sa.Column("began_at", sa.BigInteger))
