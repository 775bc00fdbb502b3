"""Noisy tables survive the answer store with exact values and types."""

from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.budget.table_json import decode_scalar, decode_table, encode_table
from gateway.noise.tables import NoisyTable
from gateway.sql.types import Scalar

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**60), max_value=10**60),
    st.floats(),
    st.text(st.characters(codec=None)),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(dt.UTC)),
)


def same(left: Scalar, right: Scalar) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, float) and isinstance(right, float):
        return left.hex() == right.hex()
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left.as_tuple() == right.as_tuple()
    if isinstance(left, dt.datetime) and isinstance(right, dt.datetime):
        return left == right and left.tzinfo == right.tzinfo
    return left == right


@given(st.lists(st.tuples(SCALARS, SCALARS)), st.text(), st.text())
def test_round_trip(rows: list[tuple[Scalar, Scalar]], key: str, measure: str) -> None:
    table = NoisyTable(keys=(key,), measures=(measure,), rows=tuple(rows))
    text = encode_table(table)
    assert text.isascii()
    assert "\0" not in text
    back = decode_table(text)
    assert (back.keys, back.measures) == ((key,), (measure,))
    assert len(back.rows) == len(rows)
    for before, after in zip(table.rows, back.rows, strict=True):
        assert all(same(left, right) for left, right in zip(before, after, strict=True))


@pytest.mark.parametrize(
    "value",
    [2**53, -(2**53), 2**53 - 1, -0.0, math.nan, math.inf, Decimal("-0.00"), True, 1],
)
def test_edges(value: Scalar) -> None:
    table = NoisyTable(keys=(), measures=("n",), rows=((value,),))
    assert same(decode_table(encode_table(table)).rows[0][0], value)


def test_integers_beyond_what_python_prints_in_decimal() -> None:
    table = NoisyTable(keys=(), measures=("n",), rows=((-(16**8000),),))
    assert decode_table(encode_table(table)) == table


def test_other_zones_come_back_as_the_same_moment_in_utc() -> None:
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30))
    value = dt.datetime(2024, 1, 1, 1, 2, 3, 4, tzinfo=zone)
    table = NoisyTable(keys=(), measures=("n",), rows=((value,),))
    back = decode_table(encode_table(table)).rows[0][0]
    assert back == value
    assert isinstance(back, dt.datetime)
    assert back.tzinfo is dt.UTC


@pytest.mark.parametrize("value", [b"x", [1], object(), dt.timedelta(1)])
def test_what_is_no_scalar_is_refused(value: object) -> None:
    table = NoisyTable(keys=(), measures=("n",), rows=((value,),))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="cannot hold"):
        encode_table(table)


@pytest.mark.parametrize(
    "text", ['{"bytes": "x"}', '{"int": "1", "date": "x"}', "{}", "[1]", "1.5"]
)
def test_what_was_never_written_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a stored value"):
        decode_scalar(json.loads(text))
