"""Frames of GROUPS, written for an engine that has none, hold the rows that DuckDB's own hold."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import duckdb
import pytest

from gateway.privacy.relation import Frame, FrameEnd, Ordering, Over, Summary
from gateway.rewrite.windows import counted, windowed
from gateway.sql.expressions import Column, Ref
from gateway.sql.types import BIGINT

U, X = Column(1, "u", BIGINT), Column(2, "x", BIGINT)
FIRST, HERE, LAST = FrameEnd("PRECEDING"), FrameEnd("CURRENT ROW"), FrameEnd("FOLLOWING")
ENDS = [
    (FIRST, HERE),
    (HERE, LAST),
    (HERE, HERE),
    (FrameEnd("PRECEDING", 1), FrameEnd("FOLLOWING", 1)),
    (FrameEnd("PRECEDING", 3), FrameEnd("PRECEDING", 1)),
    (FrameEnd("FOLLOWING", 1), FrameEnd("FOLLOWING", 2)),
]
COUNTED = Summary("count", None, BIGINT, Fraction(1))
ROWS = "(SELECT i % 3 AS u, nullif(i * i % 11, 4) AS x, i FROM range(60) AS r(i))"


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("nulls_first", [False, True])
def test_ranks_stand_for_groups(
    ends: tuple[FrameEnd, FrameEnd], descending: bool, nulls_first: bool
) -> None:
    order = (Ordering(Ref(X), descending, nulls_first),)
    frame = Frame("GROUPS", *ends)
    plain = Over("count", (), COUNTED, (Ref(U),), order, frame, BIGINT)
    names = {U: "u", X: "x"}
    (rank, ranked), *others = counted([(X, plain)])[0]
    assert not others
    ((_, made),) = counted([(X, plain)])[1]
    assert made.frame == replace(frame, mode="RANGE")
    inner = f"(SELECT *, {windowed(ranked, names, 'duckdb')} AS r FROM {ROWS})"
    by_ranks = windowed(made, {**names, rank: "r"}, "duckdb")
    own = windowed(plain, names, "duckdb")
    found = duckdb.sql(f"SELECT {by_ranks} AS a, {own} AS b FROM {inner}").fetchall()
    assert len({a for a, _ in found}) > 1
    assert all(a == b for a, b in found)
