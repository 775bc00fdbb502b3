"""Values as PostgreSQL writes them, as text and as binary, for every type that answers use.

Binary forms are those of PostgreSQL's `typsend` functions: big-endian, times counted from 2000.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

TEXT_FORMAT, BINARY_FORMAT = 0, 1

BOOL, INT8, INT2, INT4, TEXT_OID, OID, NAME = 16, 20, 21, 23, 25, 26, 19
FLOAT4, FLOAT8, UNKNOWN, BPCHAR, VARCHAR, DATE = 700, 701, 705, 1042, 1043, 1082
TIMESTAMP, TIMESTAMPTZ, INTERVAL, NUMERIC, VOID = 1114, 1184, 1186, 1700, 2278

_SIZES = {
    BOOL: 1, INT2: 2, INT4: 4, INT8: 8, FLOAT4: 4, FLOAT8: 8, DATE: 4, TIMESTAMP: 8,
    TIMESTAMPTZ: 8, INTERVAL: 16, NAME: 64, VOID: 4,
}  # fmt: skip
OF_NAME = {
    "boolean": BOOL,
    "smallint": INT2,
    "integer": INT4,
    "bigint": INT8,
    "numeric": NUMERIC,
    "double precision": FLOAT8,
    "text": TEXT_OID,
    "date": DATE,
    "timestamp": TIMESTAMP,
    "timestamptz": TIMESTAMPTZ,
    "interval": INTERVAL,
}
"""The types of answers (`sql.types.Type.name`) as OIDs, which are fixed in PostgreSQL's source."""

_EPOCH = dt.datetime(2000, 1, 1)
_EPOCH_DAY = _EPOCH.date()
_MICROSECOND = dt.timedelta(microseconds=1)
_NBASE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of a result, as RowDescription tells it."""

    name: str
    oid: int
    size: int
    modifier: int = -1
    table: int = 0
    attribute: int = 0


def field(name: str, oid: int) -> Field:
    """A column of a type that has no modifier."""
    return Field(name=name, oid=oid, size=_SIZES.get(oid, -1))


def expanded(formats: Sequence[int], count: int) -> tuple[int, ...]:
    """One format code per column: none given means text, one given stands for all."""
    if len(formats) <= 1:
        return tuple(formats or (TEXT_FORMAT,)) * count
    return tuple(formats)


Encoder = Callable[[object], bytes]


def encoder(oid: int, form: int, zone: ZoneInfo) -> Encoder:
    """What writes a value that is not NULL in a format; `zone` shows timestamps with zone."""
    if form == BINARY_FORMAT:
        return _BINARY.get(oid, _utf8)
    if oid == TIMESTAMPTZ:
        return lambda value: _zoned(value, zone).encode()
    return _TEXT.get(oid, _utf8)


def _utf8(value: object) -> bytes:
    return (value if isinstance(value, str) else str(value)).encode("utf-8", "replace")


def _bool_text(value: object) -> bytes:
    return b"t" if value else b"f"


def float_text(value: float) -> str:
    """The shortest text that reads back as the same number, as PostgreSQL 12 and newer write it."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    text = repr(value).removesuffix(".0")
    # Python writes an exponent from 1e16 on, PostgreSQL from 1e15 on.
    if "e" not in text and abs(value) >= 10**15:
        digits = text.lstrip("-").replace(".", "").rstrip("0")
        sign = "-" if value < 0 else ""
        fraction = f".{digits[1:]}" if digits[1:] else ""
        return f"{sign}{digits[0]}{fraction}e+15"
    return text


def _float_text(value: object) -> bytes:
    return float_text(_float(value)).encode()


def _numeric_text(value: object) -> bytes:
    if isinstance(value, Decimal) and not value.is_finite():
        return b"NaN" if value.is_nan() else b"Infinity" if value > 0 else b"-Infinity"
    return (format(value, "f") if isinstance(value, Decimal) else str(value)).encode()


def _date_text(value: object) -> bytes:
    return _date(value).isoformat().encode()


def _timestamp_text(value: object) -> bytes:
    return _shown(_moment(value)).encode()


def _zoned(value: object, zone: ZoneInfo) -> str:
    moment = _moment(value)
    local = (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(zone)
    offset = local.utcoffset() or dt.timedelta()
    seconds = abs(int(offset.total_seconds()))
    sign = "-" if offset < dt.timedelta() else "+"
    shown = f"{sign}{seconds // 3600:02}"
    if seconds % 3600:
        shown += f":{seconds % 3600 // 60:02}"
    if seconds % 60:
        shown += f":{seconds % 60:02}"
    return f"{_shown(local.replace(tzinfo=None))}{shown}"


def _shown(moment: dt.datetime) -> str:
    """A timestamp without zone; PostgreSQL leaves out zeros at the end of a fraction."""
    text = moment.isoformat(" ")
    return text.rstrip("0") if moment.microsecond else text


def _interval_text(value: object) -> bytes:
    span = _span(value)
    rest = span - dt.timedelta(days=span.days)
    parts = [f"{span.days} day{'' if span.days == 1 else 's'}"] if span.days else []
    if rest or not parts:
        clock = str(rest).rjust(8 if not rest.microseconds else 15, "0")
        sign = "+" if span.days < 0 else ""
        parts.append(sign + (clock.rstrip("0") if rest.microseconds else clock))
    return " ".join(parts).encode()


def _bool_binary(value: object) -> bytes:
    return b"\x01" if value else b"\x00"


def _date_binary(value: object) -> bytes:
    return struct.pack("!i", (_date(value) - _EPOCH_DAY).days)


def _timestamp_binary(value: object) -> bytes:
    moment = _moment(value)
    plain = moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return struct.pack("!q", (plain - _EPOCH) // _MICROSECOND)


def _interval_binary(value: object) -> bytes:
    span = _span(value)
    rest = span - dt.timedelta(days=span.days)
    return struct.pack("!qii", rest // _MICROSECOND, span.days, 0)


def _numeric_binary(value: object) -> bytes:
    """`numeric_send`: the count of base 10000 digits, weight of the first, sign, scale, digits."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        sign = 0xC000 if number.is_nan() else 0xD000 if number > 0 else 0xF000
        return struct.pack("!hhHh", 0, 0, sign, 0)
    whole, _, fraction = format(number.copy_abs(), "f").partition(".")
    scale = len(fraction)
    whole = whole.lstrip("0")
    whole = whole.zfill(-(-len(whole) // 4) * 4)
    fraction = fraction.ljust(-(-len(fraction) // 4) * 4, "0")
    digits = [int((whole + fraction)[i : i + 4]) for i in range(0, len(whole + fraction), 4)]
    weight = len(whole) // 4 - 1
    while digits and digits[0] == 0:
        digits.pop(0)
        weight -= 1
    while digits and digits[-1] == 0:
        digits.pop()
    sign = 0x4000 if number < 0 else 0
    head = struct.pack("!hhHh", len(digits), weight if digits else 0, sign, scale)
    return head + struct.pack(f"!{len(digits)}h", *digits)


def numeric_read(data: bytes) -> Decimal:
    """The inverse of `numeric_send`; raises ValueError or struct.error for other bytes."""
    count, weight, sign, scale = struct.unpack_from("!hhHh", data)
    digits = struct.unpack_from(f"!{count}h", data, 8)
    if len(data) != 8 + 2 * count or sign not in (0, 0x4000) or not 0 <= scale < 16_384:
        raise ValueError("not a finite numeric")
    if any(not 0 <= digit < _NBASE for digit in digits) or abs(weight) > 100 or count > 100:
        raise ValueError("not a numeric of a size that is read")
    # Built from digits, for arithmetic would round to the context's precision.
    text = "".join(f"{digit:04}" for digit in digits)
    exponent = 4 * (weight + 1 - count)
    if -exponent < scale:
        text, exponent = text + "0" * (scale + exponent), -scale
    return Decimal((int(bool(sign)), tuple(map(int, text.lstrip("0") or "0")), exponent))


def _packed(code: str) -> Encoder:
    def packed(value: object) -> bytes:
        return struct.pack(code, value)

    return packed


def _float_binary(value: object) -> bytes:
    return struct.pack("!d", _float(value))


def _float(value: object) -> float:
    if isinstance(value, (int, float, Decimal)):
        return float(value)
    raise TypeError(f"a {type(value).__name__} is no number")


def _date(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    raise TypeError(f"a {type(value).__name__} is no date")


def _moment(value: object) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    raise TypeError(f"a {type(value).__name__} is no timestamp")


def _span(value: object) -> dt.timedelta:
    if isinstance(value, dt.timedelta):
        return value
    raise TypeError(f"a {type(value).__name__} is no interval")


_TEXT: dict[int, Encoder] = {
    BOOL: _bool_text,
    FLOAT4: _float_text,
    FLOAT8: _float_text,
    NUMERIC: _numeric_text,
    DATE: _date_text,
    TIMESTAMP: _timestamp_text,
    INTERVAL: _interval_text,
}
_BINARY: dict[int, Encoder] = {
    BOOL: _bool_binary,
    INT2: _packed("!h"),
    INT4: _packed("!i"),
    INT8: _packed("!q"),
    FLOAT4: _packed("!f"),
    FLOAT8: _float_binary,
    NUMERIC: _numeric_binary,
    DATE: _date_binary,
    TIMESTAMP: _timestamp_binary,
    TIMESTAMPTZ: _timestamp_binary,
    INTERVAL: _interval_binary,
}
