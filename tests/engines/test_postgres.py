"""What is PostgreSQL's alone: roles, settings, types, keys, and servers that go and come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from gateway.answer import answer
from gateway.engines.postgres import PostgresEngine
from gateway.engines.postgres_open import NotUsable
from gateway.errors import Code, NothingRead, Refusal
from gateway.exchange import Request
from gateway.policy.draft import draft
from gateway.policy.faults import PolicyFaults
from gateway.privacy.plan import Statement
from gateway.sql.types import DATE, DOUBLE, TEXT, decimal
from gateway.start import start
from gateway.stop import Stop
from tests.corpus.asking import ANALYST
from tests.engines.loading import READER
from tests.postgres import PostgresServer, missing, restarted, server_of

SLOW = (
    "SELECT COUNT(*) AS n FROM generate_series(1, 10000000) a(i), generate_series(1, 1000000) b(i)"
)
TABLES = """
CREATE TYPE mood AS ENUM ('well', 'ill');
CREATE DOMAIN grams AS numeric(6, 1);
CREATE TABLE visits (
  visit bigint PRIMARY KEY, patient integer NOT NULL, day date NOT NULL, UNIQUE (patient, day),
  ward char(6), name text, mood mood, cost numeric, weight grams,
  huge numeric(60, 2), rough numeric(3, -2), tags text[], place point);
INSERT INTO visits VALUES
  (1, 1, '2020-01-01', 'a', 'Ann', 'well', 'NaN', 1.5, 1e57, 12345, '{}', NULL),
  (2, 1, '2020-02-29', 'a ', 'ANN', 'ill', 1e308, 'NaN', 0.1, 100, NULL, NULL),
  (3, 2, '2020-02-29', NULL, 'ann', NULL, 1e-400, NULL, NULL, NULL, NULL, NULL);
"""


@pytest.fixture(scope="module")
def database(postgres: PostgresServer) -> Iterator[str]:
    with postgres.database() as name:
        with psycopg.connect(postgres.url(name), autocommit=True) as connection:
            connection.execute(TABLES)
            connection.execute(READER)
        yield name


@pytest.fixture
def engine(postgres: PostgresServer, database: str) -> Iterator[PostgresEngine]:
    opened = PostgresEngine(postgres.reader(database), timeout_seconds=20)
    yield opened
    opened.close()


def select(sql: str, *columns: str) -> Statement:
    return Statement(sql=sql, dialect="postgres", columns=columns)


def test_types_are_read_as_the_gateway_s(engine: PostgresEngine) -> None:
    found = {column.name: column for column in engine.describe(("public", "visits")) or ()}
    kinds = {name: column.type for name, column in found.items()}
    assert kinds["day"] == DATE
    assert kinds["ward"] == kinds["name"] == kinds["mood"] == TEXT
    assert kinds["cost"] == kinds["huge"] == DOUBLE
    assert (kinds["weight"], kinds["rough"]) == (decimal(6, 1), decimal(5, 0))
    assert kinds["tags"] is None
    assert kinds["place"] is None
    rows = engine.public_rows(("public", "visits"), ["ward", "cost", "weight", "huge"]).to_pylist()
    assert [row["ward"] for row in rows] == ["a", "a", None], "spaces fill a char(n) up"
    assert str(rows[0]["cost"]) == "nan"
    assert [row["cost"] for row in rows[1:]] == [1e308, 0.0]
    assert [row["weight"] for row in rows] == [Decimal("1.5"), None, None]
    assert rows[0]["huge"] == 1e57


def test_text_is_compared_by_code_points_whatever_its_collation(
    postgres_of: Callable[[str], PostgresServer],
) -> None:
    """Under this collation the three names are one; the wheels' servers are built without it."""
    server = postgres_of("15")
    with server.database() as name:
        with psycopg.connect(server.url(name), autocommit=True) as connection:
            connection.execute(
                "CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', "
                "deterministic = false)"
            )
            connection.execute("CREATE TABLE names (name text COLLATE folding)")
            connection.execute("INSERT INTO names VALUES ('Ann'), ('ANN'), ('ann')")
            connection.execute(READER)
        engine = PostgresEngine(server.reader(name), timeout_seconds=20)
        try:
            assert engine.public_values(("public", "names"), "name") == ("ANN", "Ann", "ann")
            assert engine.is_key(("public", "names"), ["name"])
        finally:
            engine.close()


def test_declared_keys_are_taken_without_reading(
    engine: PostgresEngine, postgres: PostgresServer, database: str
) -> None:
    with psycopg.connect(postgres.url(database)) as locking:
        locking.execute("LOCK TABLE visits IN ACCESS EXCLUSIVE MODE")
        assert engine.is_key(("public", "visits"), ["visit"])
        assert engine.is_key(("public", "visits"), ["patient", "day", "visit"])
    assert engine.is_key(("public", "visits"), ["patient", "day"])
    assert not engine.is_key(("public", "visits"), ["patient"])
    assert not engine.is_key(("public", "visits"), ["ward"])


@pytest.mark.parametrize(
    ("grant", "found"),
    [
        ("ALTER ROLE other SUPERUSER", "rights of an administrator"),
        ("ALTER ROLE other CREATEROLE", "rights of an administrator"),
        ("GRANT pg_write_all_data TO other", "rights of an administrator"),
        ("GRANT INSERT ON visits TO other", "may write to public.visits"),
        ("GRANT UPDATE (ward) ON visits TO other", "may write to public.visits"),
        ("GRANT CREATE ON SCHEMA public TO other", "may create tables in the schema public"),
    ],
)
def test_a_role_that_may_do_more_than_read_is_refused(
    postgres: PostgresServer, database: str, grant: str, found: str
) -> None:
    with psycopg.connect(postgres.url(database), autocommit=True) as connection:
        connection.execute("CREATE ROLE other LOGIN")
        try:
            connection.execute(f"GRANT SELECT ON visits TO other; {grant}")  # type: ignore[arg-type]
            url = f"postgresql://other@/{database}?host={postgres.host}"
            with pytest.raises(NotUsable) as refused:
                PostgresEngine(url, timeout_seconds=5)
            assert found in refused.value.found
            assert "SELECT" in refused.value.allowed
        finally:
            connection.execute("DROP OWNED BY other; DROP ROLE other")


def test_a_policy_with_such_a_role_is_refused_at_its_line(
    postgres: PostgresServer, database: str, tmp_path: Path
) -> None:
    policy = write(tmp_path, postgres.url(database))
    with pytest.raises(PolicyFaults) as refused:
        start(policy, f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    (fault,) = refused.value.faults
    assert (fault.path, fault.line) == ("engine.url", 4)
    assert database not in fault.found


def write(folder: Path, url: str) -> Path:
    path = folder / "clinic.yaml"
    path.write_text(
        f"""dataset: clinic
engine:
  type: postgres
  url: "{url}"
  timeout: 5s
privacy: {{unit: patient, guarantee: zcdp, delta: 1.0e-6, per_query: 1, max_per_query: 1}}
tables:
  visits: {{unit: patient, key: visit, max_rows: 2, max_groups: 2, columns: {{mood: {{}}}}}}
budgets:
  - {{for: "role:analyst", epsilon: 50}}
""",
        encoding="utf-8",
    )
    return path


HOSTILE = {
    **{"timezone": "Asia/Tokyo", "datestyle": "German", "intervalstyle": "iso_8601"},
    **{"transform_null_equals": "on", "search_path": "elsewhere", "extra_float_digits": "-5"},
    **{"statement_timeout": "1ms", "default_transaction_read_only": "off"},
}


def test_no_setting_of_a_role_changes_what_a_statement_means(
    postgres: PostgresServer, database: str, engine: PostgresEngine
) -> None:
    asked = select(
        "SELECT current_setting('search_path') || ' ' || CAST(DATE '2020-03-04' AS text) || ' ' || "
        "CAST(TIMESTAMPTZ '2020-03-04 00:00:00+00' AS text) || ' ' || "
        "CAST(0.1 + 0.2::float8 AS text) || ' ' || CAST((NULL = NULL) IS NULL AS text) AS t",
        "t",
    )
    plain = engine.run(asked, "q")._open().to_pylist()
    with psycopg.connect(postgres.url(database), autocommit=True) as connection:
        for name, value in HOSTILE.items():
            connection.execute(f"ALTER ROLE reader SET {name} = '{value}'")  # type: ignore[arg-type]
        try:
            other = PostgresEngine(postgres.reader(database), timeout_seconds=20)
            assert other.run(asked, "q")._open().to_pylist() == plain
            other.close()
        finally:
            connection.execute("ALTER ROLE reader RESET ALL")
    assert plain == [
        {"t": "pg_catalog, pg_temp 2020-03-04 2020-03-04 00:00:00+00 0.30000000000000004 true"}
    ]


def running(postgres: PostgresServer, database: str) -> int:
    """Statements that the role's connections run now."""
    sql = (
        "SELECT COUNT(*) FROM pg_stat_activity "
        "WHERE usename = 'reader' AND state = 'active' AND datname = %s"
    )
    with psycopg.connect(postgres.url("postgres")) as connection:
        row = connection.execute(sql, (database,)).fetchone()
    return int(row[0]) if row else 0


def gone(postgres: PostgresServer, database: str) -> bool:
    until = time.monotonic() + 10
    while running(postgres, database) and time.monotonic() < until:
        time.sleep(0.05)
    return running(postgres, database) == 0


def test_the_server_stops_working_when_nobody_waits(
    postgres: PostgresServer, database: str, engine: PostgresEngine
) -> None:
    stop, refusals = Stop(), []

    def ask() -> None:
        try:
            engine.run(select(SLOW, "n"), "q", stop)
        except Refusal as refusal:
            refusals.append(refusal.code)

    asking = threading.Thread(target=ask)
    asking.start()
    until = time.monotonic() + 10
    while not running(postgres, database) and time.monotonic() < until:
        time.sleep(0.02)
    assert running(postgres, database) == 1
    stop.ask()
    asking.join(10)
    assert refusals == [Code.CANCELLED]
    assert gone(postgres, database)


def test_the_server_stops_working_after_the_timeout(
    postgres: PostgresServer, database: str
) -> None:
    hurried = PostgresEngine(postgres.reader(database), timeout_seconds=0.3)
    with pytest.raises(Refusal) as refused:
        hurried.run(select(SLOW, "n"), "q")
    assert refused.value.code is Code.ENGINE_UNAVAILABLE
    assert not isinstance(refused.value, NothingRead)
    assert gone(postgres, database)
    hurried.close()


def test_a_connection_that_the_server_ended_is_replaced(
    postgres: PostgresServer, database: str, engine: PostgresEngine
) -> None:
    assert engine.healthy()
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'"
        )
    assert engine.run(select("SELECT 1 AS n", "n"), "q")._open().to_pylist() == [{"n": 1}]
    assert engine.replaced() > 0


def test_a_server_out_of_reach_costs_nothing_and_is_used_again_when_it_is_back(
    tmp_path: Path,
) -> None:
    """On a Debian server, which can be stopped and started again."""
    if reason := missing("15"):
        pytest.skip(reason)
    with server_of("15") as server, server.database() as name:
        with psycopg.connect(server.url(name), autocommit=True) as connection:
            connection.execute(
                "CREATE TABLE visits (visit bigint PRIMARY KEY, patient int NOT NULL, mood text)"
            )
            connection.execute(
                "INSERT INTO visits SELECT i, i, 'well' FROM generate_series(1, 99) i"
            )
            connection.execute(READER)
        policy = write(tmp_path, server.reader(name))
        gateway = start(policy, f"sqlite:///{tmp_path / 'ledger.sqlite'}")

        def ask(number: int) -> int:
            sql = f"SELECT COUNT(*) AS n FROM visits WHERE mood <> 'x{number}'"
            request = Request(query_id=f"q{number}", analyst=ANALYST, sql=sql, dataset="clinic")
            return len(answer(request, gateway.catalog, gateway.edges).rows)

        try:
            assert ask(1) == 1
            with restarted(server):
                with pytest.raises(Refusal) as refused:
                    ask(2)
                assert refused.value.code is Code.ENGINE_UNAVAILABLE
                assert not gateway.edges.engines["clinic"].healthy()
            assert ask(3) == 1
            assert gateway.edges.engines["clinic"].healthy()
        finally:
            gateway.close()


def test_a_policy_is_drafted_from_the_schema(
    postgres: PostgresServer, database: str, tmp_path: Path
) -> None:
    with psycopg.connect(postgres.url(database)) as locking:
        locking.execute("LOCK TABLE visits IN ACCESS EXCLUSIVE MODE")
        text = draft(postgres.reader(database))
    assert "type: postgres" in text
    assert "url: ${DATABASE_URL}" in text
    assert database not in text, "an address may hold a password"
    assert "# unit: patient" in text
    assert "# tags has the type text[], which cannot be used" in text
    assert "# day: {bounds: [2000-01-01, 2030-12-31]}  # date" in text


def test_a_schema_without_tables_is_no_draft(postgres: PostgresServer, database: str) -> None:
    with pytest.raises(Refusal, match="holds no table"):
        draft(f"{postgres.reader(database)}&schema=elsewhere")
