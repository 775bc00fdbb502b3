"""The first ledger: users, accounts, charges, stored answers, history, audit chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.budget.migrations.append_only import protect

revision = "r0001"
down_revision = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_APPEND_ONLY = ("audit", "charges", "grants")


def upgrade() -> None:
    """Forwards; there is no way back, for charges are never removed."""
    _people()
    _budgets()
    _answers()
    _records()
    _protect()


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
    op.create_table(
        "keys",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
        sa.ForeignKeyConstraint(["user_name"], ["users.name"], name="fk_keys_user_name"),
        sa.UniqueConstraint("digest", name="uq_keys_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_keys_user_name", "keys", ["user_name"])
    op.create_table(
        "roles",
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("user_name", "role", name="pk_roles"),
        sa.ForeignKeyConstraint(["user_name"], ["users.name"], name="fk_roles_user_name"),
    )


def _budgets() -> None:
    op.create_table(
        "accounts",
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("period_start", sa.Date, nullable=False),
        sa.Column("guarantee", sa.Text, nullable=False),
        sa.Column("spent_amount", sa.BigInteger, nullable=False),
        sa.Column("spent_delta", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("dataset", "holder", "period_start", name="pk_accounts"),
        sa.CheckConstraint("spent_amount >= 0", name=op.f("ck_accounts_spent_amount")),
        sa.CheckConstraint("spent_delta >= 0", name=op.f("ck_accounts_spent_delta")),
    )
    op.create_table(
        "grants",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("epsilon", sa.Text, nullable=False),
        sa.Column("counts_from", sa.BigInteger, nullable=False),
        sa.Column("granted_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_grants_dataset_holder", "grants", ["dataset", "holder"])
    op.create_table(
        "charges",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("query_id", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("period_start", sa.Date, nullable=False),
        sa.Column("analyst", sa.Text, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("delta", sa.BigInteger, nullable=False),
        sa.Column("guarantee", sa.Text, nullable=False),
        sa.Column("mechanisms", sa.Text, nullable=False),
        sa.Column("data_version", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("idempotency_key", sa.Text),
        sa.Column("refund_of", _SERIAL),
        sa.PrimaryKeyConstraint("id", name="pk_charges"),
        sa.ForeignKeyConstraint(["refund_of"], ["charges.id"], name="fk_charges_refund_of"),
        sa.UniqueConstraint("refund_of", name="uq_charges_refund_of"),
        sa.CheckConstraint("kind IN ('charge', 'refund')", name=op.f("ck_charges_kind")),
        sa.CheckConstraint(
            "(kind = 'refund') = (refund_of IS NOT NULL)", name=op.f("ck_charges_refund_of")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_charges_amount")),
        sa.CheckConstraint("delta >= 0", name=op.f("ck_charges_delta")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_charges_query_id", "charges", ["query_id"])
    op.create_index(
        "ix_charges_dataset_fingerprint_holder", "charges", ["dataset", "fingerprint", "holder"]
    )
    op.create_index(
        "ix_charges_dataset_holder_period_start", "charges", ["dataset", "holder", "period_start"]
    )


def _answers() -> None:
    op.create_table(
        "releases",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("data_version", sa.BigInteger, nullable=False),
        sa.Column("noisy", sa.Text, nullable=False),
        sa.Column("stored_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_releases"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_releases_dataset_fingerprint", "releases", ["dataset", "fingerprint"])
    op.create_index("ix_releases_dataset_expires_at", "releases", ["dataset", "expires_at"])
    op.create_table(
        "sightings",
        sa.Column("charge_id", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("analyst", sa.Text, nullable=False),
        sa.Column("release_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("charge_id", name="pk_sightings"),
        sa.ForeignKeyConstraint(["charge_id"], ["charges.id"], name="fk_sightings_charge_id"),
    )
    op.create_index("ix_sightings_release_id_analyst", "sightings", ["release_id", "analyst"])
    op.create_table(
        "data_versions",
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("dataset", name="pk_data_versions"),
    )


def _records() -> None:
    op.create_table(
        "requests",
        sa.Column("analyst", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("leased_until", sa.BigInteger, nullable=False),
        sa.Column("response", sa.Text),
        sa.PrimaryKeyConstraint("analyst", "key", name="pk_requests"),
    )
    op.create_index("ix_requests_begun_at", "requests", ["begun_at"])
    op.create_table(
        "questions",
        sa.Column("query_id", sa.Text, nullable=False),
        sa.Column("analyst", sa.Text, nullable=False),
        sa.Column("dataset", sa.Text),
        sa.Column("sql", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("delta", sa.BigInteger, nullable=False),
        sa.Column("guarantee", sa.Text),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("query_id", name="pk_questions"),
    )
    op.create_index("ix_questions_analyst_at", "questions", ["analyst", "at"])
    op.create_table(
        "audit",
        sa.Column("sequence", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit"),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("singleton", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("singleton", name="pk_audit_head"),
        sa.CheckConstraint("singleton = 1", name=op.f("ck_audit_head_singleton")),
    )
    op.bulk_insert(head, [{"singleton": 1, "sequence": 0, "hash": "0" * 64}])


def _protect() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION noisegate_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table in _APPEND_ONLY:
        protect(table)
