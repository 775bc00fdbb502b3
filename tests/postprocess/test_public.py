"""What the gateway holds of public tables: read once, and never more than there is room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import pyarrow as pa
import pytest

from gateway.edges import Engine
from gateway.errors import Code, Refusal
from gateway.policy.catalog import Table
from gateway.postprocess.public import PublicShelf
from gateway.postprocess.workbench import Workbench


class Counting:
    """An engine with one table of ten rows, which keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int | None] = []

    def public_rows(
        self, source: tuple[str, ...], columns: Sequence[str], most: int | None = None
    ) -> pa.Table:
        self.asked.append(most)
        rows = range(10 if most is None else min(10, most))
        return pa.table({name: list(rows) for name in columns})


class Sourced:
    source = ("ten",)


TEN = cast("Table", Sourced())


@pytest.fixture
def workbench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


def test_a_table_is_read_once(workbench: Workbench) -> None:
    engine = Counting()
    shelf = PublicShelf(cast("Engine", engine), workbench)
    assert shelf.table(("ten",), ["a", "b"]) is shelf.table(("ten",), ["a", "b"])
    assert shelf.rows(TEN, ["a", "b"], 10) == tuple((n, n) for n in range(10))
    assert len(engine.asked) == 1


def test_a_table_without_room_is_refused_and_read_no_further_than_the_room(
    workbench: Workbench,
) -> None:
    engine = Counting()
    shelf = PublicShelf(cast("Engine", engine), workbench, most=35)
    assert shelf.table(("ten",), ["a", "b"]).num_rows == 10
    for _ in range(3):
        with pytest.raises(Refusal) as refused:
            shelf.table(("ten",), ["a", "b", "c"])
        assert refused.value.code is Code.UNSUPPORTED_SQL
    assert engine.asked == [18, 6], "and is not read again to be refused again"
    assert shelf.table(("ten",), ["c"]).num_rows == 10, "15 values have room"
    assert shelf.table(("ten",), ["a", "b"]).num_rows == 10, "what is here stays"


def test_planning_takes_short_tables_alone_and_reads_no_long_one(workbench: Workbench) -> None:
    engine = Counting()
    shelf = PublicShelf(cast("Engine", engine), workbench)
    assert shelf.rows(TEN, ["a"], 9) is None
    assert shelf.rows(TEN, ["a"], 9) is None
    assert engine.asked == [10]
    assert shelf.table(("ten",), ["a"]).num_rows == 10, "an answer may read it all the same"
    assert shelf.rows(TEN, ["a"], 9) is None, "and planning takes it no more than before"
    assert shelf.rows(TEN, ["a"], 10) == tuple((n,) for n in range(10))
