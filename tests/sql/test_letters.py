"""The letters' other cases are DuckDB's, for the engines that write them out."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from gateway.sql.functions.letters import LAST, lowered, pairs

SURROGATES = range(0xD800, 0xE000)


def test_each_letter_has_the_other_case_that_duckdb_gives() -> None:
    every = pa.table({"c": [chr(n) for n in range(1, LAST + 1) if n not in SURROGATES]})
    with duckdb.connect() as connection:
        connection.register("every", every)
        for name in ("upper", "lower"):
            sql = f"SELECT c, {name}(c) FROM every WHERE {name}(c) <> c"
            listed = zip(*pairs(upper=name == "upper"), strict=True)
            assert dict(connection.sql(sql).fetchall()) == dict(listed)


def test_a_constant_is_lowered_letter_by_letter() -> None:
    assert lowered("İSTANBUL ẞ Σ%\\_") == "istanbul ß σ%\\_"
