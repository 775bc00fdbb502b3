"""Bringing a ledger's tables up to this version of the gateway."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from gateway.budget.store import Store
from gateway.errors import Code, Refusal

HEAD = "r0009"
"""The newest revision in `migrations/versions`; a test holds it."""

_VERSION = sa.table("alembic_version", sa.column("version_num"))


def upgrade(store: Store) -> None:
    """Create or migrate the tables, in one transaction; a ledger that is up to date is only read.

    Raises `Refusal(INTERNAL)` for a ledger that a newer gateway has written.
    """
    with store.migrating() as connection:
        found = None
        if sa.inspect(connection).has_table("alembic_version"):
            found = connection.execute(sa.select(_VERSION.c.version_num)).scalar_one_or_none()
        if found == HEAD:
            return
        # Alembic is large and seldom needed, so it is loaded only here.
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        revisions = {
            script.revision for script in ScriptDirectory.from_config(config).walk_revisions()
        }
        if found is not None and found not in revisions:
            raise Refusal(
                Code.INTERNAL,
                f"The ledger is at revision {found}, which this Noisegate does not know.",
                "Run the version that wrote it, or a newer one.",
            )
        command.upgrade(config, "head")
