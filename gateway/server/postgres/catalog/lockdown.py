"""What users of the shadow cannot call or read: SQL that is run in its databases' template.

Functions that do something are out of reach: sleeping, locks, notifications, large objects, running
SQL that stands in a text. Of others' names nothing is told: databases and roles are read through
views that show a user's own, and the role that all tables belong to.
"""

from __future__ import annotations

from gateway.server.postgres.statements import Statement

OWNER = "noisegate+owner"
"""What all databases and tables belong to. No user of the gateway can have this name, which has a
plus in it."""
USERS = "noisegate+users"
"""What the role of every user is in, so that it is known to be the gateway's own."""
SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "10s",
    "client_connection_check_interval": "1s",
    "temp_file_limit": "64MB",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "TimeZone": "UTC",
}
"""What every user's role starts with."""

_CALLABLE = (
    "set_config", "random", "clock_timestamp", "timeofday", "gen_random_uuid", "uuidv4", "uuidv7",
    "pg_advisory_unlock_all", "pg_relation_size", "pg_table_size", "pg_total_relation_size",
    "pg_indexes_size", "pg_database_size", "pg_tablespace_size", "pg_char_to_encoding",
    "pg_encoding_to_char", "pg_backend_pid", "pg_partition_ancestors", "pg_partition_tree",
    "pg_is_in_recovery", "pg_is_wal_replay_paused", "pg_last_wal_receive_lsn",
    "pg_last_wal_replay_lsn", "pg_last_xact_replay_timestamp", "pg_jit_available", "amvalidate",
    "pg_collation_actual_version", "pg_database_collation_actual_version", "current_query",
    "pg_sequence_last_value",
)  # fmt: skip
"""Functions that PostgreSQL calls volatile and that do nothing here. `set_config` changes a session
that is reset before its next statement, and cannot make a role another: it logged in as itself."""
_FILTERED = ("pg_database", "pg_roles", "pg_user", "pg_auth_members", "pg_db_role_setting")
_UNREADABLE = (
    *_FILTERED, "pg_stat_activity", "pg_stat_database", "pg_stat_database_conflicts", "pg_stat_ssl",
    "pg_stat_gssapi", "pg_locks", "pg_prepared_xacts", "pg_prepared_statements", "pg_cursors",
    "pg_file_settings", "pg_shseclabel", "pg_shdepend", "pg_group", "pg_shmem_allocations",
)  # fmt: skip

_REVOKING = """DO $do$
DECLARE called regprocedure; kept regclass;
BEGIN
    FOR called IN
        SELECT oid FROM pg_catalog.pg_proc
        WHERE provolatile = 'v' AND pronamespace = 'pg_catalog'::regnamespace
          AND prokind IN ('f', 'p') AND proname <> ALL ('{callable}')
    LOOP
        EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', called);
    END LOOP;
    FOR kept IN
        SELECT oid FROM pg_catalog.pg_class
        WHERE relnamespace = 'pg_catalog'::regnamespace AND relname = ANY ('{unreadable}')
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', kept);
    END LOOP;
END $do$""".format(
    callable="{" + ",".join(_CALLABLE) + "}", unreadable="{" + ",".join(_UNREADABLE) + "}"
)

STATEMENTS = (
    "SET allow_system_table_mods = on",
    "CREATE VIEW pg_catalog.noisegate_pg_database AS SELECT * FROM pg_catalog.pg_database "
    f"WHERE datdba = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = '{OWNER}') "
    "AND has_database_privilege(oid, 'CONNECT')",
    "CREATE VIEW pg_catalog.noisegate_pg_roles AS SELECT * FROM pg_catalog.pg_roles "
    f"WHERE rolname IN (current_user, '{OWNER}') OR rolname LIKE 'pg\\_%'",
    "CREATE VIEW pg_catalog.noisegate_pg_user AS SELECT * FROM pg_catalog.pg_user "
    "WHERE usename = current_user",
    "CREATE VIEW pg_catalog.noisegate_pg_auth_members AS SELECT * FROM pg_catalog.pg_auth_members "
    "WHERE false",
    "CREATE VIEW pg_catalog.noisegate_pg_db_role_setting AS "
    "SELECT * FROM pg_catalog.pg_db_role_setting WHERE false",
    "GRANT SELECT ON pg_catalog.noisegate_pg_database, pg_catalog.noisegate_pg_roles, "
    "pg_catalog.noisegate_pg_user, pg_catalog.noisegate_pg_auth_members, "
    "pg_catalog.noisegate_pg_db_role_setting TO PUBLIC",
    _REVOKING,
    "RESET allow_system_table_mods",
)

_FOLLOWING = (
    "where", "join", "inner", "left", "right", "full", "cross", "natural", "on", "using", "order",
    "group", "limit", "offset", "having", "union", "except", "intersect", "for", "fetch", "window",
)  # fmt: skip
"""Keywords that may stand behind a table and are not its alias."""


def narrowed(statement: Statement) -> str:
    """The statement's text with catalogs that tell of others replaced by views of one's own.

    Were a name to slip through, PostgreSQL would refuse it, for nobody may read those catalogs.
    """
    words, text = statement.words, statement.text
    parts: list[str] = []
    at = 0
    for index, word in enumerate(words):
        if word.string or word.text not in _FILTERED:
            continue
        following = words[index + 1] if index + 1 < len(words) else None
        if following is not None and following.means("."):
            continue  # pg_database.oid: the name of the table in FROM, which stays
        alone = following is None or following.means(*_FOLLOWING, ",", ")", ";")
        parts.append(text[at : word.start])
        parts.append(f"noisegate_{word.text}" + (f" AS {word.text}" if alone else ""))
        at = word.end
    return "".join([*parts, text[at:]])
