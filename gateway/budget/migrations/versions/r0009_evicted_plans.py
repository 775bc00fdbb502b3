"""What evicted releases counted, so that answers which followed from them can say why they cost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0009"
down_revision = "r0008"


def upgrade() -> None:
    """Forwards; of releases that were evicted before nothing more is known."""
    op.add_column("evictions", sa.Column("family", sa.Text))
    op.add_column("evictions", sa.Column("described", sa.Text))
    op.create_index("ix_evictions_dataset_family", "evictions", ["dataset", "family"])
