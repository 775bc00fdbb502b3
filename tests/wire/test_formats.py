"""Values written as text and as binary, byte by byte as a real PostgreSQL writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import pq

from gateway.server.postgres import formats, parameters
from gateway.server.postgres.faults import Fault
from tests.postgres import PostgresServer

ZONE = ZoneInfo("Asia/Kolkata")
VALUES: list[tuple[int, object]] = [
    *[(formats.BOOL, value) for value in (True, False)],
    *[(formats.INT2, value) for value in (-32768, 0, 32767)],
    *[(formats.INT4, value) for value in (-(2**31), 7)],
    *[(formats.INT8, value) for value in (-(2**63), 2**63 - 1)],
    *[
        (formats.FLOAT8, value)
        for value in (
            0.0, -0.0, 0.1, 1e15, 123456789012345.6, 999999999999999.0, 1e16, -1.5e15, 1e-5, 0.0001,
            1.7976931348623157e308, 5e-324, 1000000000000000.5, 1234567890123456.0,
            -9007199254740991.0, float("inf"), float("-inf"), float("nan"), 1e100, 100.0,
        )
    ],
    *[
        (formats.NUMERIC, Decimal(value))
        for value in (
            "0", "0.00", "1", "-1", "10000", "100000000", "0.0001", "-0.00012345", "12345.678",
            "99999999999999999999999999999999999999", "NaN", "1E+5", "1000.0000",
        )
    ],
    *[(formats.TEXT_OID, value) for value in ("", "a", "ü€😀", "tab\t\n\\")],
    *[
        (formats.DATE, dt.date(*value))
        for value in ((1, 1, 1), (1999, 12, 31), (2000, 1, 1), (9999, 12, 31))
    ],
    *[
        (formats.TIMESTAMP, value)
        for value in (
            dt.datetime(1, 1, 1), dt.datetime(2000, 1, 1, 0, 0, 0, 1),
            dt.datetime(2024, 2, 29, 12, 34, 56, 120000), dt.datetime(9999, 12, 31, 23, 59, 59),
        )
    ],
    *[
        (formats.TIMESTAMPTZ, value)
        for value in (
            dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
            dt.datetime(2024, 2, 29, 12, 34, 56, 789000, tzinfo=dt.UTC),
        )
    ],
    *[
        (formats.INTERVAL, value)
        for value in (
            dt.timedelta(), dt.timedelta(days=1), dt.timedelta(days=2, hours=3),
            dt.timedelta(hours=30, microseconds=1500), dt.timedelta(days=-1),
            dt.timedelta(seconds=59), dt.timedelta(days=-2, seconds=1),
        )
    ],
]  # fmt: skip
NAMED: dict[int, type] = {
    formats.BOOL: bool,
    formats.INT2: int,
    formats.INT4: int,
    formats.INT8: int,
    formats.FLOAT8: float,
    formats.NUMERIC: Decimal,
    formats.TEXT_OID: str,
    formats.DATE: dt.date,
    formats.TIMESTAMP: dt.datetime,
    formats.TIMESTAMPTZ: dt.datetime,
    formats.INTERVAL: int,
}
NAMES = {oid: name for name, oid in formats.OF_NAME.items()}


@pytest.fixture(scope="module")
def real(postgres: PostgresServer) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("SET TimeZone = 'Asia/Kolkata'")
        yield connection


def written(real: psycopg.Connection, oid: int, text: bytes, form: int) -> bytes:
    """What PostgreSQL writes for a value that is given to it as text."""
    result = real.pgconn.exec_params(
        f"SELECT $1::{NAMES[oid]}".encode(), [text], [oid], [formats.TEXT_FORMAT], form
    )
    assert result.status == pq.ExecStatus.TUPLES_OK, result.error_message
    value = result.get_value(0, 0)
    assert value is not None
    return value


@pytest.mark.parametrize(("oid", "value"), VALUES)
def test_values_are_written_as_postgresql_writes_them(
    real: psycopg.Connection, oid: int, value: object
) -> None:
    text = formats.encoder(oid, formats.TEXT_FORMAT, ZONE)(value)
    assert text == written(real, oid, text, formats.TEXT_FORMAT)
    binary = formats.encoder(oid, formats.BINARY_FORMAT, ZONE)(value)
    assert binary == written(real, oid, text, formats.BINARY_FORMAT)


@given(value=st.floats(allow_nan=False))
@settings(max_examples=300)
def test_any_float_reads_back_from_text_and_binary(value: float) -> None:
    text = formats.encoder(formats.FLOAT8, formats.TEXT_FORMAT, ZONE)(value)
    assert float(text) == value
    binary = formats.encoder(formats.FLOAT8, formats.BINARY_FORMAT, ZONE)(value)
    if value not in (float("inf"), float("-inf")):
        assert parameters.read(formats.FLOAT8, formats.BINARY_FORMAT, binary, 1) == value


@given(value=st.decimals(allow_nan=False, allow_infinity=False, places=6, max_value=10**30))
@settings(max_examples=300)
def test_any_numeric_reads_back_from_binary(value: Decimal) -> None:
    for shown in (value, value.normalize()):
        binary = formats.encoder(formats.NUMERIC, formats.BINARY_FORMAT, ZONE)(shown)
        assert parameters.read(formats.NUMERIC, formats.BINARY_FORMAT, binary, 1) == shown


@given(value=st.datetimes())
def test_any_timestamp_reads_back_from_text_and_binary(value: dt.datetime) -> None:
    for form in (formats.TEXT_FORMAT, formats.BINARY_FORMAT):
        data = formats.encoder(formats.TIMESTAMP, form, ZONE)(value)
        assert parameters.read(formats.TIMESTAMP, form, data, 1) == value


@given(oid=st.sampled_from(sorted({oid for oid, _ in VALUES})), data=st.binary(max_size=40))
@settings(max_examples=500)
def test_any_bytes_are_a_value_or_refused(oid: int, data: bytes) -> None:
    for form in (formats.TEXT_FORMAT, formats.BINARY_FORMAT):
        found: object = None
        try:
            found = parameters.read(oid, form, data, 1)
        except Fault as fault:
            found = fault.sqlstate
        assert isinstance(found, NAMED[oid]) or found in ("22P02", "22P03", "0A000")


@pytest.mark.parametrize(
    "data", [b"1e99", b"1" * 30, b"NaN", b"Infinity", b"1_000", b" 1 2", b"0x1", b"\x00"]
)
def test_numbers_that_are_none_or_too_long_are_refused(data: bytes) -> None:
    with pytest.raises(Fault):
        parameters.read(formats.INT8, formats.TEXT_FORMAT, data, 1)
