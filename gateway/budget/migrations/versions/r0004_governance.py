"""Requests for budget and decisions on them, grants that expire, alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.budget.migrations.append_only import protect

revision = "r0004"
down_revision = "r0003"

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Forwards; there is no way back, for records are never removed."""
    op.add_column("grants", sa.Column("expires_at", sa.BigInteger))
    op.create_table(
        "budget_requests",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("analyst", sa.Text, nullable=False),
        sa.Column("epsilon", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("days", sa.Integer),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_budget_requests"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_budget_requests_analyst_dataset", "budget_requests", ["analyst", "dataset"])
    op.create_table(
        "budget_decisions",
        sa.Column("request_id", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("epsilon", sa.Text),
        sa.Column("grant_id", _SERIAL),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("request_id", name="pk_budget_decisions"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["budget_requests.id"], name="fk_budget_decisions_request_id"
        ),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name="fk_budget_decisions_grant_id"),
        sa.CheckConstraint(
            "decision IN ('approved', 'refused')", name=op.f("ck_budget_decisions_decision")
        ),
        sa.CheckConstraint(
            "(decision = 'approved') = (grant_id IS NOT NULL)",
            name=op.f("ck_budget_decisions_grant_id"),
        ),
    )
    op.create_table(
        "alerts",
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("period_start", sa.Date, nullable=False),
        sa.Column("percent", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("dataset", "holder", "period_start", "percent", name="pk_alerts"),
    )
    for table in ("budget_decisions", "budget_requests"):
        protect(table)
