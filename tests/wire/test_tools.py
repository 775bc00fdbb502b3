"""Statements that drivers and tools send when they connect and look around, as they write them."""

from __future__ import annotations

import psycopg
import pytest

from gateway.server.postgres.catalog.routing import Place, place
from gateway.server.postgres.statements import split

STATEMENTS = {
    "pgJDBC getSchemas": """
        SELECT nspname AS TABLE_SCHEM, current_database() AS TABLE_CATALOG
        FROM pg_catalog.pg_namespace WHERE nspname <> 'pg_toast' AND (nspname !~ '^pg_temp_'
        OR nspname = (pg_catalog.current_schemas(true))[1]) AND (nspname !~ '^pg_toast_temp_'
        OR nspname = replace((pg_catalog.current_schemas(true))[1], 'pg_temp_', 'pg_toast_temp_'))
        ORDER BY TABLE_SCHEM""",
    "pgJDBC getTables": """
        SELECT current_database() AS TABLE_CAT, n.nspname AS TABLE_SCHEM, c.relname AS TABLE_NAME,
        CASE n.nspname ~ '^pg_' OR n.nspname = 'information_schema' WHEN true THEN CASE
        WHEN n.nspname = 'pg_catalog' OR n.nspname = 'information_schema' THEN CASE c.relkind
        WHEN 'r' THEN 'SYSTEM TABLE' WHEN 'v' THEN 'SYSTEM VIEW' ELSE NULL END
        ELSE NULL END WHEN false THEN CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'v' THEN 'VIEW'
        ELSE NULL END ELSE NULL END AS TABLE_TYPE, d.description AS REMARKS, '' as TYPE_CAT,
        '' as TYPE_SCHEM, '' as TYPE_NAME, '' AS SELF_REFERENCING_COL_NAME, '' AS REF_GENERATION
        FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c
        LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0
        and d.classoid = 'pg_class'::regclass)
        WHERE c.relnamespace = n.oid AND n.nspname LIKE 'public'
        ORDER BY TABLE_TYPE,TABLE_SCHEM,TABLE_NAME""",
    "pgJDBC getColumns": """
        SELECT * FROM (SELECT current_database() AS current_database, n.nspname,c.relname,
        a.attname,a.atttypid,a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) AS attnotnull,
        a.atttypmod,a.attlen,t.typtypmod,row_number() OVER (PARTITION BY a.attrelid
        ORDER BY a.attnum) AS attnum, nullif(a.attidentity, '') as attidentity,
        nullif(a.attgenerated, '') as attgenerated,
        pg_catalog.pg_get_expr(def.adbin, def.adrelid) AS adsrc,dsc.description,t.typbasetype,
        t.typtype FROM pg_catalog.pg_namespace n
        JOIN pg_catalog.pg_class c ON (c.relnamespace = n.oid)
        JOIN pg_catalog.pg_attribute a ON (a.attrelid=c.oid)
        JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid)
        LEFT JOIN pg_catalog.pg_attrdef def ON (a.attrelid=def.adrelid AND a.attnum = def.adnum)
        LEFT JOIN pg_catalog.pg_description dsc ON (c.oid=dsc.objoid AND a.attnum = dsc.objsubid)
        LEFT JOIN pg_catalog.pg_class dc ON (dc.oid=dsc.classoid AND dc.relname='pg_class')
        LEFT JOIN pg_catalog.pg_namespace dn ON (dc.relnamespace=dn.oid
        AND dn.nspname='pg_catalog') WHERE c.relkind in ('r','p','v','f','m') and a.attnum > 0
        AND NOT a.attisdropped AND n.nspname LIKE 'public' AND c.relname LIKE 'visits') c
        WHERE true ORDER BY nspname,c.relname,attnum""",
    "pgJDBC getPrimaryKeys": """
        SELECT result.TABLE_CAT, result.TABLE_SCHEM, result.TABLE_NAME, result.COLUMN_NAME,
        result.KEY_SEQ, result.PK_NAME FROM (SELECT current_database() AS TABLE_CAT,
        n.nspname AS TABLE_SCHEM, ct.relname AS TABLE_NAME, a.attname AS COLUMN_NAME,
        (information_schema._pg_expandarray(i.indkey)).n AS KEY_SEQ, ci.relname AS PK_NAME,
        information_schema._pg_expandarray(i.indkey) AS KEYS, a.attnum AS A_ATTNUM
        FROM pg_catalog.pg_class ct JOIN pg_catalog.pg_attribute a ON (ct.oid = a.attrelid)
        JOIN pg_catalog.pg_namespace n ON (ct.relnamespace = n.oid)
        JOIN pg_catalog.pg_index i ON ( a.attrelid = i.indrelid)
        JOIN pg_catalog.pg_class ci ON (ci.oid = i.indexrelid)
        WHERE true AND ct.relname = 'kinds' AND i.indisprimary) result
        where result.A_ATTNUM = (result.KEYS).x ORDER BY result.table_name, result.pk_name""",
    "pgJDBC type by name": """
        SELECT typinput='pg_catalog.array_in'::regproc as is_array, typtype, typname, pg_type.oid
        FROM pg_catalog.pg_type LEFT JOIN (select ns.oid as nspoid, ns.nspname, r.r
        from pg_namespace as ns join ( select s.r, (current_schemas(false))[s.r] as nspname
        from generate_series(1, array_upper(current_schemas(false), 1)) as s(r) ) as r
        using ( nspname ) ) as sp ON sp.nspoid = typnamespace
        WHERE pg_type.oid = 25 ORDER BY sp.r, pg_type.oid DESC""",
    "Npgsql types": """
        SELECT ns.nspname, t.oid, t.typname, t.typtype, t.typnotnull, t.elemtypoid
        FROM (SELECT typ.oid, typ.typnamespace, typ.typname, typ.typtype, typ.typrelid,
        typ.typnotnull, typ.relkind, elemtyp.oid AS elemtypoid, elemtyp.typname AS elemtypname
        FROM (SELECT typ.oid, typnamespace, typname, typrelid, typnotnull, relkind,
        typelem AS elemoid, CASE WHEN proc.proname='array_recv' THEN 'a' ELSE typ.typtype END
        AS typtype FROM pg_type AS typ LEFT JOIN pg_class AS cls ON (cls.oid = typ.typrelid)
        LEFT JOIN pg_proc AS proc ON proc.oid = typ.typreceive
        LEFT JOIN pg_range ON (pg_range.rngtypid = typ.oid)) AS typ
        LEFT JOIN pg_type AS elemtyp ON elemtyp.oid = elemoid
        LEFT JOIN pg_class AS elemcls ON (elemcls.oid = elemtyp.typrelid)) AS t
        JOIN pg_namespace AS ns ON (ns.oid = typnamespace)
        WHERE typtype IN ('b', 'r', 'm', 'e', 'd') OR (typtype = 'c' AND relkind='c')""",
    "psqlODBC columns": """
        select n.nspname, c.relname, a.attname, a.atttypid, t.typname, a.attnum, a.attlen,
        a.atttypmod, a.attnotnull, c.relhasrules, c.relkind, c.oid, pg_get_expr(d.adbin,
        d.adrelid), case t.typtype when 'd' then t.typbasetype else 0 end, t.typtypmod,
        0, attidentity, c.relhassubclass from (((pg_catalog.pg_class c
        inner join pg_catalog.pg_namespace n on n.oid = c.relnamespace and c.relname = 'visits'
        and n.nspname = 'public') inner join pg_catalog.pg_attribute a on (not a.attisdropped)
        and a.attnum > 0 and a.attrelid = c.oid) inner join pg_catalog.pg_type t on
        t.oid = a.atttypid) left outer join pg_attrdef d on a.atthasdef and
        d.adrelid = a.attrelid and d.adnum = a.attnum order by n.nspname, c.relname, attnum""",
    "Metabase privileges": """
        with table_privileges as (select NULL as role, t.schemaname as schema,
        t.objectname as table, pg_catalog.has_any_column_privilege(current_user,
        '"' || replace(t.schemaname, '"', '""') || '"' || '.' || '"' ||
        replace(t.objectname, '"', '""') || '"', 'update') as update,
        pg_catalog.has_any_column_privilege(current_user, '"' || replace(t.schemaname, '"', '""')
        || '"' || '.' || '"' || replace(t.objectname, '"', '""') || '"', 'select') as select
        from (select schemaname, tablename as objectname from pg_catalog.pg_tables
        union select schemaname, viewname as objectname from pg_views) t
        where t.schemaname !~ '^pg_' and t.schemaname <> 'information_schema'
        and pg_catalog.has_schema_privilege(current_user, t.schemaname, 'usage'))
        select t.* from table_privileges t where t.select or t.update""",
    "Grafana tables": """
        SELECT CASE WHEN quote_ident(table_schema) IN (SELECT CASE WHEN trim(s[i]) = '"$user"'
        THEN user ELSE trim(s[i]) END FROM generate_series(array_lower(string_to_array(
        current_setting('search_path'),','),1), array_upper(string_to_array(
        current_setting('search_path'),','),1)) as i, string_to_array(
        current_setting('search_path'),',') s) THEN quote_ident(table_name)
        ELSE quote_ident(table_schema) || '.' || quote_ident(table_name) END AS "table"
        FROM information_schema.tables WHERE quote_ident(table_schema) NOT IN
        ('information_schema', 'pg_catalog', '_timescaledb_cache')
        ORDER BY 1""",
    "DBeaver databases": """
        SELECT db.oid,db.* FROM pg_catalog.pg_database db WHERE datallowconn AND NOT datistemplate
        ORDER BY db.datname""",
    "SQLAlchemy hstore": """
        SELECT t.typname AS name, t.oid AS oid, t.typarray AS array_oid, t.oid::regtype::text
        AS regtype, t.typdelim AS delimiter FROM pg_type t WHERE t.oid = to_regtype('hstore')
        ORDER BY t.oid""",
    "psycopg2 hstore": """
        SELECT t.oid, typarray FROM pg_type t JOIN pg_namespace ns ON typnamespace = ns.oid
        WHERE typname = 'hstore'""",
    "Tableau": "SELECT CAST('a' AS text), CAST(1 AS integer), current_schema()",
    "settings": "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'server_version_num'",
    "server start": "SELECT pg_postmaster_start_time() IS NOT NULL, pg_is_in_recovery()",
}  # fmt: skip
FILLED = set(STATEMENTS) - {"SQLAlchemy hstore", "psycopg2 hstore"}


@pytest.mark.parametrize("tool", STATEMENTS)
@pytest.mark.parametrize("binary", [False, True])
def test_tools_find_their_way(ana: psycopg.Connection, tool: str, binary: bool) -> None:
    """With the simple protocol first, as many send it, then prepared with values in binary."""
    if binary:
        ana.prepare_threshold = 0
    rows = ana.execute(STATEMENTS[tool].encode()).fetchall()
    assert bool(rows) == (tool in FILLED)
    assert not any("patient" in str(value) for row in rows for value in row)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT count(*) FROM visits", Place.LINE),
        ("SELECT count(*) FROM public.visits v, pg_class", Place.LINE),
        ('SELECT 1 FROM "visits"', Place.LINE),
        ("SELECT 1 FROM pg_class WHERE oid IN (SELECT days FROM visits)", Place.LINE),
        ("WITH a AS (SELECT * FROM visits) SELECT * FROM a, pg_class", Place.LINE),
        ("SELECT (SELECT count(*) FROM clinic.visits) FROM pg_class", Place.LINE),
        ("SELECT 1 FROM pg_class JOIN LATERAL (SELECT 1 FROM visits) x ON true", Place.LINE),
        ("TABLE visits", Place.LINE),
        ("SELECT 1 FROM pg_class UNION ALL TABLE visits", Place.LINE),
        ("SELECT (WITH visits AS (SELECT 1) SELECT 1), count(*) FROM visits", Place.LINE),
        ("WITH visits AS (SELECT 1) SELECT * FROM visits, pg_class", Place.LINE),
        ("SELECT 1 FROM (pg_class JOIN visits ON true)", Place.LINE),
        ("SELECT 1 FROM generate_series(1, (2)) g, visits", Place.LINE),
        ("SELECT 1 FROM pg_class a JOIN pg_am b USING (oid), only visits", Place.LINE),
        ("SELECT extract(year FROM seen) FROM nothing", Place.LINE),
        ("SELECT 1 FROM elsewhere.visits", Place.LINE),
        ("SELECT 1 FROM visits_of_others", Place.LINE),
        ("EXPLAIN SELECT 1 FROM pg_class", Place.LINE),
        ("SELECT 'FROM visits' FROM pg_class", Place.CATALOG),
        ("SELECT 1 FROM pg_class visits", Place.CATALOG),
        ("WITH kin AS (SELECT 1) SELECT * FROM kin, pg_class", Place.CATALOG),
        ("SELECT * FROM information_schema.tables WHERE a IS DISTINCT FROM b", Place.CATALOG),
        ("SELECT pg_get_userbyid(10)", Place.CATALOG),
        ("SELECT substring('a' FROM 1), now()", Place.NOWHERE),
        ("SELECT * FROM generate_series(1, 3)", Place.NOWHERE),
    ],
)
def test_a_table_of_the_dataset_makes_it_a_question(sql: str, expected: Place) -> None:
    (statement,) = split(sql)
    assert place(statement, "clinic", {"visits", "kinds"}) is expected
