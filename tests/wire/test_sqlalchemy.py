"""SQLAlchemy's inspector and pandas, at the gateway and at a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.engine.reflection import ObjectKind

from tests.wire.real import RealPostgres, Target, target
from tests.wire.served import ROWS, Served
from tests.wire.test_psycopg import KINDS


def engine(of: Target) -> sa.Engine:
    address = sa.URL.create(
        "postgresql+psycopg", of.user, of.password, of.host, of.port, of.database
    )
    return sa.create_engine(address)


@pytest.fixture
def connection(either: Target) -> Iterator[sa.Connection]:
    used = engine(either)
    with used.connect() as found:
        yield found
    used.dispose()


def everything(of: Target) -> dict[str, object]:
    """All that the inspector tells, as text where it is a type."""
    used = engine(of)
    inspector = sa.inspect(used)
    tables = ("visits", "kinds", "numbers", "long_stays")
    found: dict[str, object] = {
        "schemas": inspector.get_schema_names(),
        "tables": inspector.get_table_names(),
        "views": inspector.get_view_names(),
        "materialized": inspector.get_materialized_view_names(),
        "sequences": inspector.get_sequence_names(),
        "sorted": inspector.get_sorted_table_and_fkc_names(),
        "enums": inspector.get_enums(),  # type: ignore[attr-defined]
        "domains": inspector.get_domains(),  # type: ignore[attr-defined]
        "has": [inspector.has_table(name) for name in (*tables, "none")],
        "columns of all": {
            name: [{**column, "type": repr(column["type"])} for column in columns]
            for name, columns in inspector.get_multi_columns(kind=ObjectKind.ANY).items()  # type: ignore[attr-defined]
        },
    }
    for name in tables:
        found |= {
            f"columns of {name}": [
                {**column, "type": repr(column["type"])} for column in inspector.get_columns(name)
            ],
            f"key of {name}": inspector.get_pk_constraint(name),
            f"references of {name}": inspector.get_foreign_keys(name),
            f"indexes of {name}": inspector.get_indexes(name),
            f"unique of {name}": inspector.get_unique_constraints(name),
            f"checks of {name}": inspector.get_check_constraints(name),
            f"comment of {name}": inspector.get_table_comment(name),
            f"options of {name}": inspector.get_table_options(name),
        }
    used.dispose()
    return found


def test_the_inspector_finds_what_it_finds_at_postgresql(
    served: Served, real: RealPostgres
) -> None:
    here, there = everything(target(served)), everything(real.ana)
    for what, expected in there.items():
        assert here[what] == expected, what
    assert sorted(here["tables"]) == ["kinds", "numbers", "visits"]
    assert here["comment of visits"] == {"text": "One row for each visit."}
    assert "patient" not in str(here)


def test_a_reflected_table_is_read(connection: sa.Connection) -> None:
    table = sa.Table("kinds", sa.MetaData(), autoload_with=connection)
    rows = connection.execute(sa.select(table).order_by(table.c.id)).all()
    assert [tuple(row) for row in rows] == KINDS
    few = sa.select(table.c.id).where(table.c.exact == Decimal("-0.001"), table.c.flag.is_(False))
    assert connection.execute(few).all() == [(2,)]
    some = sa.select(table.c.id).where(table.c.id.in_([1, 4])).order_by(table.c.id)
    assert connection.execute(some).scalars().all() == [1, 4]
    nothing = sa.select(table.c.id).where(table.c.word == sa.bindparam("word"))
    assert connection.execute(nothing, {"word": None}).all() == []


def test_big_results_are_streamed(connection: sa.Connection) -> None:
    asked = sa.text("SELECT n FROM numbers ORDER BY n")
    with connection.execution_options(yield_per=700).execute(asked) as found:
        assert list(found.scalars()) == list(range(ROWS))


def test_errors_and_cancelling(connection: sa.Connection) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match="nothing"):
        connection.execute(sa.text("SELECT nothing FROM kinds"))
    connection.rollback()
    connection.execute(sa.text("SET statement_timeout = '300ms'"))
    slow = "SELECT count(*) FROM pg_attribute a, pg_attribute b, pg_attribute c"
    with pytest.raises(sa.exc.OperationalError, match="statement timeout"):
        connection.execute(sa.text(slow))
    connection.rollback()
    assert connection.execute(sa.text("SELECT 7")).scalar() == 7


def test_pandas_reads_frames(connection: sa.Connection) -> None:
    whole = pd.read_sql("SELECT * FROM kinds ORDER BY id", connection)
    assert list(whole["id"]) == [1, 2, 3, 4]
    assert whole["word"].isna().tolist() == [False, False, True, False]
    assert str(whole["moment"].dtype).startswith("datetime64")
    some = pd.read_sql(
        sa.text("SELECT id, big FROM kinds WHERE id < :most ORDER BY id"), connection,
        params={"most": 3}, index_col="id",
    )  # fmt: skip
    assert some["big"].to_dict() == {1: 9_000_000_000_000_000_000, 2: -1}
    parts = pd.read_sql("SELECT n FROM numbers ORDER BY n", connection, chunksize=7_000)
    assert [len(part) for part in parts] == [7_000, 7_000, 6_000]
    table = pd.read_sql_table("kinds", connection, columns=["id", "day"])
    assert len(table) == len(KINDS)


def test_pandas_asks_a_question(served: Served) -> None:
    used = engine(target(served))
    with used.connect() as connection:
        frame = pd.read_sql(
            sa.text("SELECT ward, COUNT(*) AS n FROM visits WHERE days < :most GROUP BY ward"),
            connection,
            params={"most": 20},
        )
    used.dispose()
    assert list(frame.columns) == ["ward", "n"]
    assert frame["n"].sum() > 1000
