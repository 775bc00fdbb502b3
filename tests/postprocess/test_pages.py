"""Rows of large answers: the same rows as small ones have, and little memory for any number."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from gateway.errors import Code, Refusal
from gateway.pages import MOST_ROWS_HELD, PAGE_ROWS, Pages, Row, TooLarge, narrowed, paged, pages_of
from gateway.postprocess.workbench import Workbench

ODD: Row = (
    None, True, -(10**40), Decimal("1.50"), float("-inf"), -0.0, "naïve\x00", dt.date(1, 1, 1),
    dt.datetime(9999, 12, 31, 23, 59, 59, 999_999), dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
)  # fmt: skip


def numbered(count: int, lot: int = 1000) -> Iterator[list[Row]]:
    rows: list[Row] = [(n, f"row {n}", *ODD) for n in range(count)]
    return (rows[start : start + lot] for start in range(0, count, lot))


@pytest.mark.parametrize("count", [0, 1, PAGE_ROWS, PAGE_ROWS + 1, 3 * PAGE_ROWS - 1])
def test_pages_are_the_rows(count: int) -> None:
    expected = [row for lot in numbered(count) for row in lot]
    found = Pages(numbered(count))
    assert len(found) == count
    assert bool(found) is (count > 0)
    assert list(found) == expected
    assert [row for page in found.pages() for row in page] == expected
    assert all(len(page) == PAGE_ROWS for page in list(found.pages())[:-1])
    for index in {0, count // 2, count - 1, -1} if count else ():
        assert found[index] == expected[index]
        assert repr(found[index]) == repr(expected[index])
    assert found[1:7:2] == expected[1:7:2]
    with pytest.raises(IndexError):
        found[count]


def test_few_rows_stay_as_they_are_and_many_become_pages() -> None:
    few, many = paged(numbered(MOST_ROWS_HELD)), paged(numbered(MOST_ROWS_HELD + 1))
    assert isinstance(few, tuple)
    assert isinstance(many, Pages)
    assert (len(few), len(many)) == (MOST_ROWS_HELD, MOST_ROWS_HELD + 1)
    assert list(many)[:-1] == list(few)
    for rows in (few, many):
        assert [row for page in pages_of(rows) for row in page] == list(rows)
        assert list(narrowed(rows, 2)) == [row[:2] for row in rows]
        assert all(len(page) <= PAGE_ROWS for page in pages_of(rows))
    assert many[0][2:] == ODD  # cutting has left the rows whole


def test_what_was_cut_outlives_the_rows_it_was_cut_from() -> None:
    cut = narrowed(Pages(numbered(MOST_ROWS_HELD + 1)), 1)
    assert cut[-1] == (MOST_ROWS_HELD,)


def test_rows_that_take_too_much_room_are_refused_while_they_come() -> None:
    asked = 0

    def endless() -> Iterator[list[Row]]:
        nonlocal asked
        while True:
            asked += 1
            yield [(n, f"{n:0100}") for n in range(PAGE_ROWS)]

    with pytest.raises(TooLarge):
        paged(endless(), most=10_000_000)
    assert asked < 40


def test_threads_read_pages_at_once() -> None:
    count = 3 * PAGE_ROWS
    found = Pages([(n,) for n in lot] for lot in (range(count),))
    together = threading.Barrier(4)

    def read(step: int) -> bool:
        together.wait()
        return all(found[n] == (n,) for n in range(0, count, step))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(read, (97, 101, 1, 211)))


@pytest.fixture
def workbench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


def test_a_large_answer_of_the_workbench_has_the_rows_that_duckdb_gives(
    workbench: Workbench,
) -> None:
    items = "range, range * 1.5, CAST(range AS HUGEINT) * 10::HUGEINT ** 20, 'a' || range"
    sql = f"SELECT {items} FROM range({MOST_ROWS_HELD + 5})"
    with workbench.tables({}) as sheet:
        found = sheet.answer(sql)
        assert isinstance(found, Pages)
        assert list(found) == sheet.rows(sql)


def test_an_answer_beyond_all_measure_is_refused_with_a_hint(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "gateway.postprocess.workbench.paged", lambda rows: paged(rows, most=5_000_000)
    )
    with workbench.tables({}) as sheet, pytest.raises(Refusal) as refused:
        sheet.answer("SELECT a.range FROM range(1000000) a, range(1000000) b")
    assert refused.value.code is Code.UNSUPPORTED_SQL
    assert "LIMIT" in refused.value.hint


def test_a_full_disk_refuses_that_answer_alone(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gateway.pages.os.pwrite", full)
    with workbench.tables({}) as sheet:
        with pytest.raises(Refusal) as refused:
            sheet.answer(f"SELECT range FROM range({MOST_ROWS_HELD + 1})")
        assert refused.value.code is Code.ENGINE_UNAVAILABLE
        assert sheet.answer("SELECT 1") == ((1,),)
