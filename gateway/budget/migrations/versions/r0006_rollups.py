"""What a stored release counts, so that coarser questions can be answered from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision = "r0005"


def upgrade() -> None:
    """Forwards; nothing is built on releases of before."""
    op.add_column("releases", sa.Column("family", sa.Text))
    op.add_column("releases", sa.Column("described", sa.Text))
    op.create_index("ix_releases_dataset_family", "releases", ["dataset", "family"])
