"""Over PostgreSQL every function has a value or NULL for each input: an error would tell of a row.

Calls alone and within one another, over the ends of each type that PostgreSQL has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import psycopg
import pytest

from gateway.rewrite.expressions import write
from gateway.sql.expressions import Call, Column, Expr, Ref
from gateway.sql.functions import TABLE
from gateway.sql.functions.conversion import castable
from gateway.sql.functions.postgres.names import postgres_type
from gateway.sql.types import DATE, DOUBLE, INTERVAL, TEXT, TIMESTAMP, TIMESTAMPTZ, Kind, Type
from tests.postgres import SELDOM, VERSIONS, PostgresServer
from tests.sql.pool import CONSTANTS, EXTREMES, calls, columns
from tests.sql.test_nested_calls import USES, Growing
from tests.sql.test_total import LONG, placed

AT_ONCE = 25
MORE: dict[Type, tuple[str, ...]] = {
    DATE: ("'4714-11-24 BC'", "'5874897-12-31'", "'0001-12-31 BC'", "'2012-02-29'"),
    TIMESTAMP: ("'4714-11-24 00:00:00 BC'", "'294276-12-31 23:59:59.999999'"),
    TIMESTAMPTZ: ("'4714-11-24 00:00:00+00 BC'", "'294276-12-31 23:59:59.999999+00'"),
    DOUBLE: ("2.2250738585072014e-308", "1e-300", "-5e-324", "709.8", "-746", "1e154"),
    TEXT: ("repeat('9', 400)", "'1e-400'", "'-9223372036854775809'", "'24:00'", "'2012-02-30'"),
    INTERVAL: ("'-178956970 years'", "'-2562047788 hours'", "'1 microsecond'"),
}
"""What PostgreSQL has and DuckDB has not, and where its own operators raise."""
PLACES = [columns(), columns()]


@pytest.fixture(
    scope="module",
    params=[pytest.param(v, marks=pytest.mark.audit if v in SELDOM else ()) for v in VERSIONS],
)
def extremes(
    request: pytest.FixtureRequest, postgres_of: Callable[[str], PostgresServer]
) -> Iterator[psycopg.Connection]:
    """A table with a column for each type; values that the server does not have are left out."""
    server = postgres_of(request.param)
    with (
        server.database() as name,
        psycopg.connect(server.url(name), autocommit=True) as connection,
    ):
        connection.execute("SET TimeZone = 'UTC'")
        items = ", ".join(f"c{i} {postgres_type(kind)}" for i, kind in enumerate(EXTREMES))
        connection.execute(f"CREATE TABLE extremes ({items})")
        known = [_known(connection, kind) for kind in EXTREMES]
        for number in range(max(map(len, known)) + 1):
            row = ", ".join(of[number] if number < len(of) else "NULL" for of in known)
            connection.execute(f"INSERT INTO extremes VALUES ({row})")
        yield connection


def _known(connection: psycopg.Connection, kind: Type) -> list[str]:
    found = []
    for value in (*EXTREMES[kind], *MORE.get(kind, ())):
        text = f"CAST({value} AS {postgres_type(kind)})"
        try:
            connection.execute(f"SELECT {text}")
        except psycopg.errors.DataError:
            continue
        found.append(text)
    return found


def _names(sides: Sequence[Sequence[Expr]]) -> dict[Column, str]:
    return {
        ref.column: f'({alias}.c{i} COLLATE "C")' if ref.type.kind is Kind.TEXT else f"{alias}.c{i}"
        for alias, side in zip("ab", sides, strict=False)
        for i, ref in enumerate(side)
        if isinstance(ref, Ref)
    }


def fault(connection: psycopg.Connection, items: str, tables: str) -> str:
    """What the server says of a statement; nothing where it gives rows."""
    try:
        # Nothing is fetched: what Python has no value for is no fault of the statement.
        connection.execute(f"SELECT {items} FROM {tables}")
    except psycopg.Error as error:
        return str(error).splitlines()[0]
    return ""


def failing(
    connection: psycopg.Connection, texts: Sequence[str], tables: str, use: str
) -> list[str]:
    """The texts that raise an error on some row; many are tried at once, then one by one."""
    faults = []
    for start in range(0, len(texts), AT_ONCE):
        batch = texts[start : start + AT_ONCE]
        items = ", ".join(use.format(text, i) for i, text in enumerate(batch))
        if fault(connection, items, tables):
            for text in batch:
                if said := fault(connection, use.format(text, 0), tables):
                    faults.append(f"{said}: {text[:300]}")
    return faults


def all_calls() -> list[Call]:
    first, second = PLACES
    found = [*calls(1, [first]), *calls(2, [[*first, *CONSTANTS], [*second, *CONSTANTS]])]
    found += calls(3, [first, CONSTANTS, CONSTANTS])
    for column in first:
        for name, rest in LONG:
            for arguments in placed(column, rest, name):
                result = TABLE[name].result(arguments)
                found += [Call(name, arguments, result)] if result else []
        found += [Call("cast", (column,), to) for to in EXTREMES if castable(column.type, to)]
    return found


CALLS = all_calls()


def check(connection: psycopg.Connection, chosen: Sequence[Call]) -> None:
    names = _names(PLACES)
    single, double = [], []
    for call in chosen:
        of_second = any(part is column for part in call.arguments for column in PLACES[1])
        (double if of_second else single).append(write(call, names, "postgres"))
    faults = failing(connection, single, "extremes AS a", "COUNT({0}) AS r{1}")
    faults += failing(connection, double, "extremes AS a, extremes AS b", "COUNT({0}) AS r{1}")
    assert not faults, "\n".join([f"{len(faults)} fail", *faults[:30]])


@pytest.mark.once
def test_some_calls_fail_on_no_row(extremes: psycopg.Connection) -> None:
    by_name = defaultdict(list)
    for call in CALLS:
        by_name[call.function].append(call)
    offset = extremes.info.server_version // 10_000
    chosen = [c for found in by_name.values() for c in found[offset % len(found) :: 12]]
    assert {call.function for call in chosen} == set(TABLE) - {"pi"}
    check(extremes, chosen)


@pytest.mark.audit
@pytest.mark.parametrize("part", range(4))
def test_no_call_fails_on_a_row(extremes: psycopg.Connection, part: int) -> None:
    check(extremes, CALLS[part::4])


def nested(connection: psycopg.Connection, seed: int, batches: int) -> None:
    growing = Growing(seed)
    names = {
        column: f'({name} COLLATE "C")' if column.type.kind is Kind.TEXT else name
        for column, name in growing.names.items()
    }
    for _ in range(batches):
        texts = [write(growing.call(), names, "postgres") for _ in range(AT_ONCE)]
        for use in USES:
            faults = failing(connection, texts, "extremes AS a", use)
            assert not faults, "\n".join(faults[:10])


@pytest.mark.once
def test_some_nested_calls_fail_on_no_row(extremes: psycopg.Connection) -> None:
    nested(extremes, extremes.info.server_version // 10_000, 3)


@pytest.mark.audit
@pytest.mark.parametrize("seed", range(100, 104))
def test_no_nested_call_fails_on_a_row(extremes: psycopg.Connection, seed: int) -> None:
    nested(extremes, seed, 40)


def test_a_form_that_fails_is_caught(extremes: psycopg.Connection) -> None:
    """The test can fail: PostgreSQL's own cast is no total form."""
    column = f"a.c{list(EXTREMES).index(TEXT)}"
    plain = f"CAST({column} AS integer)"
    assert failing(extremes, [plain], "extremes AS a", "COUNT({0}) AS r{1}")
