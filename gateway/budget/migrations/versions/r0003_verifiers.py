"""What proves a key by SCRAM-SHA-256, for PostgreSQL's protocol. Keys made before have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"


def upgrade() -> None:
    """Forwards; a verifier is made of a key, which is known only when it is made."""
    op.add_column("keys", sa.Column("verifier", sa.Text))
