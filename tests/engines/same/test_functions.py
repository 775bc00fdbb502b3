"""Every function of the table gives the same value on every engine, over values of all kinds."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from gateway.errors import Code, Refusal
from gateway.policy.check import source
from gateway.privacy.plan import Statement
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.dialects.base import Dialect
from gateway.rewrite.expressions import write
from gateway.sql.expressions import Call, Column, Expr, Literal, Ref
from gateway.sql.functions import TABLE
from gateway.sql.functions.conversion import castable, duckdb_type
from gateway.sql.literals import interval
from gateway.sql.types import (
    DATE,
    DOUBLE,
    INTERVAL,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    Kind,
    Type,
    decimal,
)
from gateway.start import Gateway
from tests.engines.same.worlds import DUCKDB, WORLDS, World, opened
from tests.sql.pool import CONSTANTS, EXTREMES, calls, literal, ref
from tests.sql.test_total import LONG, placed

MORE: dict[Type, tuple[str, ...]] = {
    DATE: ("'2012-02-29'", "'294247-01-10'"),
    TIMESTAMP: ("'1999-12-31 00:00:00.5'", "'2011-03-27 02:30:00'"),
    TIMESTAMPTZ: ("'0001-01-01 00:00:00+00'",),
    TEXT: (
        *(
            "'True'",
            "'  12'",
            "'a.b.c'",
            "'2012-02-30'",
            "'2012-02-29 10:11:12.5'",
            "'1.5'",
            "'-7'",
        ),
        *("'été ÀB ß ﬁ'", "'aXbxA a1 foo-bar'", "'a '", "'A'"),
    ),
    INTERVAL: ("'3 years 2 days'",),
    decimal(10, 2): ("0.05", "2.5", "-0.05"),
}
BEYOND = ("(BC)", "5881580", "years'", "147483647 days", "2562047788")
"""What DuckDB alone holds."""
OUT_OF_RANGE = {"add_days", "subtract_days", "between_moments", "multiply_interval"}
"""Functions whose result may lie where an engine has no moments: NULL there."""
PATTERNED = ("regexp_like", "regexp_ilike", "regexp_substring", "regexp_substr", "regexp_count")
PATTERNS = ("b", "^(a+)[^b]", "[A-Z]", "^[[:alpha:]]+$", "é|(x)", "[0-9]{2,}$")
"""Beside the one of the pool, that every engine can do."""
REFUSED = {"spark": {*PATTERNED, "regexp_replace"}}
"""Functions of which an engine refuses some calls before it is asked."""
KINDS = list(EXTREMES)
AT_ONCE, TOLERANCE = 24, 1e-14
"""Functions of floats may differ in the last digits."""


def values(kind: Type) -> list[str]:
    return [v for v in (*EXTREMES[kind], *MORE.get(kind, ())) if not any(b in v for b in BEYOND)]


def tables() -> dict[str, pa.Table]:
    """A table for each type: `i` numbers the values `c`. Intervals are kept as text, and read by
    number (`spans`), for no engine has columns of all of them."""
    found = {}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for number, kind in enumerate(KINDS):
            stored = "VARCHAR" if kind == INTERVAL else duckdb_type(kind)
            rows = ", ".join(f"({i}, CAST({v} AS {stored}))" for i, v in enumerate(values(kind)))
            listed = f"(VALUES {rows}, (-1, NULL)) AS v(i, c)"
            query = f"SELECT CAST(i AS INTEGER) AS i, CAST(c AS {stored}) AS c FROM {listed}"
            found[f"k{number}"] = connection.sql(query).to_arrow_table()
    return found


DOCUMENT: dict[str, Any] = {
    "dataset": "extremes",
    "privacy": {"unit": "person", "guarantee": "pure", "per_query": 1, "max_per_query": 1},
    "tables": {f"k{n}": {"public": True, "columns": {"i": {}}} for n in range(len(KINDS))},
    "budgets": [{"for": "everyone", "epsilon": 1}],
}
COLUMNS: tuple[list[Expr], list[Expr]] = (
    [ref(kind) for kind in KINDS],
    [ref(kind) for kind in KINDS],
)


@pytest.fixture(scope="module")
def gateways(request: pytest.FixtureRequest) -> Iterator[Mapping[str, Gateway]]:
    with ExitStack() as stack:
        yield _Made(request, stack)


class _Made(dict[str, Gateway]):
    def __init__(self, request: pytest.FixtureRequest, stack: ExitStack) -> None:
        super().__init__()
        self._request, self._stack = request, stack

    def of(self, world: World) -> Gateway:
        if world.name not in self:
            made = opened(world, self._request, DOCUMENT, tables())
            self[world.name] = self._stack.enter_context(made)
        return self[world.name]


def all_calls() -> list[Call]:
    first, second = COLUMNS
    found = [*calls(1, [first])]
    found += calls(2, [[*first, *CONSTANTS], [*second, *CONSTANTS]])
    found += calls(3, [first, CONSTANTS, CONSTANTS])
    for column in first:
        for name, rest in LONG:
            for arguments in placed(column, rest, name):
                result = TABLE[name].result(arguments)
                found += [Call(name, arguments, result)] if result else []
        found += [Call("cast", (column,), to) for to in KINDS if castable(column.type, to)]
    text = first[KINDS.index(TEXT)]
    for name, pattern in itertools.product(PATTERNED, PATTERNS):
        result = TABLE[name].result((text, literal(pattern, TEXT)))
        found += [Call(name, (text, literal(pattern, TEXT)), result)] if result else []
    return [call for call in found if any(isinstance(part, Ref) for part in call.arguments)]


CALLS = all_calls()


def comparable(call: Call) -> Call:
    """The call's value in a form that every driver gives alike."""
    if call.type.temporal:
        return Call("cast", (call,), TEXT)
    if call.type.kind is Kind.INTERVAL:
        return Call("interval_part", (literal("epoch", TEXT), call), DOUBLE)
    return call


def places(call: Call) -> tuple[int | None, int | None]:
    """Which column of each side stands in a call."""
    found: list[int | None] = []
    for side in COLUMNS:
        used = [n for n, column in enumerate(side) if any(p is column for p in call.arguments)]
        found.append(used[0] if used else None)
    return found[0], found[1]


def spans(alias: str, ways: Dialect) -> str:
    """The interval of a row, by its number."""
    found = [interval(text.strip("'")) for text in values(INTERVAL)]
    cases = " ".join(f"WHEN {n} THEN {ways.constant(one)}" for n, one in enumerate(found) if one)
    assert None not in found
    return f"(CASE {alias}.i {cases} END)"


def results(
    gateway: Gateway, batch: Sequence[Call], sides: tuple[int | None, int | None]
) -> dict[tuple[int, ...], tuple[Any, ...]]:
    engine = gateway.edges.engines["extremes"]
    ways, policy = DIALECTS[engine.dialect], gateway.catalog.datasets["extremes"].policy
    names: dict[Column, str] = {}
    sources, numbers = [], []
    for alias, side, place in zip("ab", COLUMNS, sides, strict=True):
        if place is None:
            continue
        where = source(policy, f"k{place}")
        read = {c.name: c.read for c in engine.describe(where) or ()}["c"]
        column = side[place]
        assert isinstance(column, Ref)
        text = ways.stored(f"{alias}.{ways.quoted('c')}", read)
        names[column.column] = text if column.type != INTERVAL else spans(alias, ways)
        sources.append(f"{'.'.join(map(ways.quoted, where))} AS {alias}")
        numbers.append(f"{alias}.i AS i{alias}")
    items = [f"{write(comparable(c), names, engine.dialect)} AS r{n}" for n, c in enumerate(batch)]
    sql = f"SELECT {', '.join(numbers + items)} FROM {', '.join(sources)}"
    labels = [n.rpartition(" ")[2] for n in numbers] + [f"r{n}" for n in range(len(batch))]
    statement = Statement(sql=sql, dialect=engine.dialect, columns=tuple(labels))
    table = engine.run(statement, "functions")._open()
    rows = zip(*(table.column(name).to_pylist() for name in labels), strict=True)
    return {row[: len(numbers)]: row[len(numbers) :] for row in rows}


def same(a: Any, b: Any, call: Call) -> bool:
    if a is None or b is None:
        return (a is None and b is None) or (call.function in OUT_OF_RANGE and b is None)
    if isinstance(a, (str, bool)):
        return bool(a == b)
    if isinstance(a, (int, Decimal)) and isinstance(b, (int, Decimal)):
        return a == b
    x, y = float(a), float(b)
    if math.isnan(x) or math.isnan(y):
        return math.isnan(x) and math.isnan(y)
    return x == y or math.isclose(x, y, rel_tol=TOLERANCE)


Values = dict[tuple[int, ...], Any]
"""By the numbers of the rows of both sides."""


def _answered(
    gateway: Gateway,
    batch: Sequence[Call],
    sides: tuple[int | None, int | None],
    caplog: pytest.LogCaptureFixture,
) -> tuple[dict[int, Values], list[str]]:
    """What each call of a batch gives on each row, and which calls fail, found by halving."""
    try:
        rows = results(gateway, batch, sides)
    except Refusal:
        if len(batch) == 1:
            (call,) = batch
            said = caplog.records[-1].getMessage()[:300]
            shown = [p.value if isinstance(p, Literal) else p.type.name for p in call.arguments]
            return {}, [f"{call.function} of {shown} fails: {said}"]
        half = len(batch) // 2
        first, failed = _answered(gateway, batch[:half], sides, caplog)
        second, more = _answered(gateway, batch[half:], sides, caplog)
        return {**first, **{half + n: column for n, column in second.items()}}, failed + more
    return {n: {row: found[n] for row, found in rows.items()} for n in range(len(batch))}, []


def _refused(call: Call, world: World) -> Code | None:
    """With what code a call is refused, for which an engine has no total form."""
    names = {p.column: "c" for p in call.arguments if isinstance(p, Ref)}
    try:
        write(call, names, world.dialect)
    except Refusal as refusal:
        return refusal.code
    return None


def check(chosen: Sequence[Call], world: World, gateways: _Made, caplog: Any) -> None:
    here, there = gateways.of(DUCKDB), gateways.of(world)
    by_place = defaultdict(list)
    for call in chosen:
        by_place[places(call)].append(call)
    faults: list[str] = []
    for sides, found in by_place.items():
        for start in range(0, len(found), AT_ONCE):
            batch = found[start : start + AT_ONCE]
            refused = {call.function: code for call in batch if (code := _refused(call, world))}
            assert set(refused.values()) <= {Code.UNSUPPORTED_SQL}
            assert set(refused) <= REFUSED.get(world.dialect, set())
            batch = [call for call in batch if not _refused(call, world)]
            ours = results(here, batch, sides)
            theirs, failed = _answered(there, batch, sides, caplog)
            faults += failed
            for row, number in itertools.product(ours, theirs):
                a, b, call = ours[row][number], theirs[number][row], batch[number]
                if not same(a, b, call):
                    given = [
                        values(KINDS[p])[i] if i >= 0 else "NULL"
                        for p, i in zip([s for s in sides if s is not None], row, strict=True)
                    ]
                    rest = [p.value for p in call.arguments if isinstance(p, Literal)]
                    faults.append(f"{call.function} of {given} and {rest}: {a!r}, {b!r}")
    assert not faults, "\n".join([f"{len(faults)} differ", *faults[:40]])


WHOLE = frozenset({"round", "trunc", "power"})
"""Functions whose edges lie in few of their calls."""


@pytest.mark.once
@pytest.mark.parametrize(
    "world",
    [
        # One PostgreSQL in `make test`: the others and Spark take minutes, and an audit runs them.
        pytest.param(w, id=w.name, marks=() if w.name == "postgres 18" else pytest.mark.audit)
        for w in WORLDS
    ],
)
def test_some_calls_give_the_same_value(
    world: World, gateways: _Made, caplog: pytest.LogCaptureFixture
) -> None:
    """Of each function some, and another part of them on each engine; of those in WHOLE all."""
    by_name = defaultdict(list)
    for call in CALLS:
        by_name[call.function].append(call)
    step = 40
    offset = WORLDS.index(world)
    chosen = [
        call
        for name, found in by_name.items()
        for call in (found if name in WHOLE else found[offset % len(found) :: step])
    ]
    assert {call.function for call in chosen} == set(TABLE) - {"pi"}
    check(chosen, world, gateways, caplog)


@pytest.mark.audit
@pytest.mark.parametrize("part", range(8))
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_every_call_gives_the_same_value(
    world: World, part: int, gateways: _Made, caplog: pytest.LogCaptureFixture
) -> None:
    check(CALLS[part::8], world, gateways, caplog)
