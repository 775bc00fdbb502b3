"""Made-up conversations of PostgreSQL's protocol, most of them broken somewhere. Pure, by seed."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

SQL = (
    "", ";", "SELECT 1", "SELECT 1; SELECT 'x'", "SELECT n, label FROM numbers ORDER BY n",
    "SELECT COUNT(*) FROM visits", "SELECT ward, COUNT(*) FROM visits GROUP BY ward",
    "SELECT id FROM kinds WHERE id = $1", "SELECT * FROM kinds", "SELECT $1", "SELECT nothing",
    "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT a", "ROLLBACK TO a", "BEGIN ISOLATION LEVEL NONE",
    "DECLARE c CURSOR WITH HOLD FOR SELECT n FROM numbers", "FETCH 3 FROM c", "MOVE ALL IN c",
    "CLOSE c", "PREPARE p (int) AS SELECT id FROM kinds WHERE id = $1", "EXECUTE p(1)",
    "DEALLOCATE ALL", "DISCARD ALL", "COPY (SELECT id, word FROM kinds) TO STDOUT",
    "COPY (SELECT id FROM kinds) TO STDOUT (FORMAT binary)", "COPY kinds FROM STDIN", "SHOW ALL",
    "SET TimeZone = 'Asia/Kolkata'", "SET client_min_messages = error", "RESET ALL",
    "EXPLAIN SELECT COUNT(*) FROM visits", "SELECT relname FROM pg_class WHERE oid = $1",
    "SELECT 'open", "/* /* */", "((((((((((", "SELECT \u00fc\u20ac\U0001f600", "\x00\x01", "$$",
    "SHOW noisegate.remaining_budget", "SELECT (((((((((1)))))))))",
)  # fmt: skip
NAMES = ("", "", "", "p", "s", "c", "\u00fc", "x" * 300)
OIDS = (0, 16, 20, 21, 23, 25, 701, 1082, 1114, 1184, 1700, 2205, 999_999)
VALUES = (None, b"", b"1", b"\x00\x00\x00\x01", b"t", b"x", b"2024-02-29", b"\xff" * 8, b"\x00" * 8)
_HUGE = (0, 1, 3, 4, 5, 2**15, 2**31 - 1, 2**31, 2**32 - 1)


def conversation(seed: int) -> bytes:
    """What a client that is logged in sends; the same for a seed each time."""
    chance = random.Random(seed)
    messages = [_message(chance) for _ in range(chance.randint(1, 12))]
    if chance.random() < 0.3:
        messages.append(_framed(b"S", b""))
    data = b"".join(messages)
    return data if chance.random() < 0.25 else _broken(data, chance)


def beginning(seed: int) -> bytes:
    """What somebody sends who is not logged in."""
    chance = random.Random(seed)
    parts = [_startup(chance) for _ in range(chance.randint(1, 3))]
    parts += [_framed(b"p", _login(chance)) for _ in range(chance.randint(0, 3))]
    data = b"".join(parts)
    return data if chance.random() < 0.4 else _broken(data, chance)


def asking(sql: str) -> bytes:
    """A statement by the simple protocol."""
    return _framed(b"Q", _string(sql))


def _message(chance: random.Random) -> bytes:
    return chance.choice(_KINDS)(chance)


def _framed(tag: bytes, body: bytes) -> bytes:
    return tag + struct.pack("!I", len(body) + 4) + body


def _string(text: str) -> bytes:
    return text.encode() + b"\x00"


def _query(chance: random.Random) -> bytes:
    return asking(chance.choice(SQL))


def _parse(chance: random.Random) -> bytes:
    oids = [chance.choice(OIDS) for _ in range(chance.choice((0, 0, 1, 3)))]
    body = _string(chance.choice(NAMES)) + _string(chance.choice(SQL))
    return _framed(b"P", body + struct.pack(f"!h{len(oids)}I", len(oids), *oids))


def _bind(chance: random.Random) -> bytes:
    values = [chance.choice(VALUES) for _ in range(chance.choice((0, 0, 1, 1, 3)))]
    forms = [chance.choice((0, 1, 1, 7)) for _ in range(chance.choice((0, 0, 1, len(values))))]
    wanted = [chance.choice((0, 1)) for _ in range(chance.choice((0, 0, 1, 2)))]
    body = _string(chance.choice(NAMES)) + _string(chance.choice(NAMES))
    body += struct.pack(f"!h{len(forms)}h", len(forms), *forms) + struct.pack("!h", len(values))
    for value in values:
        body += struct.pack("!i", -1) if value is None else struct.pack("!i", len(value)) + value
    return _framed(b"B", body + struct.pack(f"!h{len(wanted)}h", len(wanted), *wanted))


def _named(chance: random.Random) -> bytes:
    kind = chance.choice((b"S", b"P", b"S", b"P", b"Z"))
    return _framed(chance.choice((b"D", b"C")), kind + _string(chance.choice(NAMES)))


def _execute(chance: random.Random) -> bytes:
    rows = chance.choice((0, 0, 1, 100, 2**31, 2**32 - 1))
    return _framed(b"E", _string(chance.choice(NAMES)) + struct.pack("!I", rows))


def _short(chance: random.Random) -> bytes:
    return _framed(chance.choice((b"S", b"S", b"S", b"H", b"c")), b"")


def _rare(chance: random.Random) -> bytes:
    tag = chance.choice((b"F", b"d", b"f", b"p", b"X", b"Z", b"\x00", b"\xff"))
    return _framed(tag, chance.randbytes(chance.randint(0, 60)))


_KINDS: tuple[Callable[[random.Random], bytes], ...] = (
    *(_query, _query, _parse, _parse, _bind, _bind, _named, _execute, _execute, _short, _short),
    _rare,
)


def _startup(chance: random.Random) -> bytes:
    code = chance.choice((0x30000, 0x30000, 0x30002, 0x3FFFF, 80877102, 80877103, 80877104, 0, 7))
    body = b""
    if code >> 16 == 3:
        names = ("user", "database", "options", "application_name", "_pq_.x", "replication", "")
        values = ("ana", "clinic", "-c a=b", "-c", "true", "\u00fc", "")
        for _ in range(chance.randint(0, 4)):
            body += _string(chance.choice(names)) + _string(chance.choice(values))
        body += b"\x00"
    elif code == 80877102:
        body = chance.randbytes(chance.choice((0, 4, 8, 36)))
    return struct.pack("!II", len(body) + 8, code) + body


def _login(chance: random.Random) -> bytes:
    first = chance.choice((b"n,,n=,r=abc", b"y,,n=,r=abc", b"p=tls-unique,,n=,r=a", b"", b"n,,"))
    if chance.random() < 0.5:
        name = chance.choice((b"SCRAM-SHA-256", b"SCRAM-SHA-256-PLUS", b"PLAIN", b""))
        return name + b"\x00" + struct.pack("!i", len(first)) + first
    return chance.choice((b"c=biws,r=abc,p=YQ==", first, chance.randbytes(40)))


def _broken(data: bytes, chance: random.Random) -> bytes:
    """The same with some faults: bits turned, bytes cut off, doubled or put in, lengths changed."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, max(len(made) - 1, 0))
        match chance.randint(0, 5):
            case 0 if made:
                made[at] ^= 1 << chance.randint(0, 7)
            case 1:
                del made[at:]
            case 2:
                made[at:at] = chance.randbytes(chance.randint(1, 9))
            case 3:
                made[at:at] = made[at : at + chance.randint(1, 40)]
            case 4:
                del made[at : at + chance.randint(1, 9)]
            case _:
                made[at : at + 4] = struct.pack("!I", chance.choice(_HUGE))
    return bytes(made)
