"""Alembic's entry: runs the revisions in the transaction that `upgrade` gives."""

from __future__ import annotations

from alembic import context

from gateway.budget.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller's transaction holds all revisions, and commits
)
context.run_migrations()
