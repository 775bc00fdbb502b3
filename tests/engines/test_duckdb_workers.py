"""DuckDB in a process of its own: what ends there, how, and what goes on."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from gateway.engines.duckdb import DuckDBEngine
from gateway.engines.duckdb_processes import NURSERY
from gateway.errors import Code, NothingRead, Refusal
from gateway.stop import Stop
from tests.engines.data import of_files
from tests.engines.test_duckdb import SLOW, select

COUNT = select('SELECT COUNT(*) AS "n" FROM "visits"', "n")
DEAF = select(
    # One row, one call of a function: there is no step between which an interrupt is looked at.
    "SELECT length(regexp_replace(repeat('ab', 200000000), '(a|b)(a|b)(a|b)', 'c', 'g')) AS n",
    "n",
)


def counted(engine: DuckDBEngine) -> int:
    return int(engine.run(COUNT, "q")._open().column("n")[0].as_py())


def worker(engine: DuckDBEngine) -> int:
    """The process that works for the engine now."""
    found = engine._workers._current()
    return found.process


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_statement_that_hears_no_interrupt_costs_its_worker_only(visits: Path) -> None:
    """Another question in that worker goes on in the next one, in what is left of its time."""
    engine = DuckDBEngine(of_files({"visits": str(visits)}), timeout_seconds=60, grace_seconds=0.3)
    before = worker(engine)
    stop = Stop()
    sleepy = select(
        "SELECT COUNT(*) AS n FROM range(20000) a, range(15000) b WHERE (a.range*b.range)%7=3", "n"
    )
    with ThreadPoolExecutor() as pool:
        deaf = pool.submit(engine.run, DEAF, "deaf", stop)
        other = pool.submit(engine.run, sleepy, "other")
        time.sleep(0.3)
        stop.ask()
        begun = time.monotonic()
        with pytest.raises(Refusal) as refused:
            deaf.result()
        assert time.monotonic() - begun < 10
        assert refused.value.code is Code.CANCELLED
        assert other.result()._open().num_rows == 1
    assert counted(engine) == 1000
    assert worker(engine) != before
    assert gone(before)
    engine.close()


def test_a_timeout_that_duckdb_does_not_hear_is_kept_by_force(visits: Path) -> None:
    engine = DuckDBEngine(of_files({"visits": str(visits)}), timeout_seconds=0.3, grace_seconds=0.2)
    begun = time.monotonic()
    with pytest.raises(Refusal, match="longer than the") as refused:
        engine.run(DEAF, "deaf")
    assert time.monotonic() - begun < 10
    assert not isinstance(refused.value, NothingRead), "rows may have been read"
    engine.close()


def test_a_worker_that_dies_ends_its_question_and_is_replaced(engine: DuckDBEngine) -> None:
    before = worker(engine)
    with ThreadPoolExecutor() as pool:
        running = pool.submit(engine.run, select(SLOW, "n"), "q")
        time.sleep(0.3)
        os.kill(before, signal.SIGKILL)
        with pytest.raises(Refusal) as refused:
            running.result(timeout=15)
    assert refused.value.code is Code.ENGINE_UNAVAILABLE
    assert not isinstance(refused.value, NothingRead), "it had begun"
    assert counted(engine) == 1000
    assert engine.healthy()
    assert worker(engine) != before
    assert engine.replaced() == 1


def test_a_worker_that_died_while_idle_is_not_missed(engine: DuckDBEngine) -> None:
    for _ in range(2):
        os.kill(worker(engine), signal.SIGKILL)
        assert counted(engine) == 1000


def test_a_nursery_that_died_is_replaced(engine: DuckDBEngine) -> None:
    assert counted(engine) == 1000
    assert NURSERY._process is not None
    NURSERY._process.kill()
    NURSERY._process.wait()
    assert counted(engine) == 1000, "a worker lives without it"
    os.kill(worker(engine), signal.SIGKILL)
    assert counted(engine) == 1000


def test_what_cannot_begin_is_told_apart(visits: Path, tmp_path: Path) -> None:
    engine = DuckDBEngine(of_files({"visits": str(visits)}))
    assert counted(engine) == 1000
    away = visits.rename(tmp_path / "away.parquet")
    with pytest.raises(NothingRead, match="missing"):
        counted(engine)
    away.rename(visits)
    assert counted(engine) == 1000
    os.kill(worker(engine), signal.SIGKILL)
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 'x' AS visit) TO '{visits}'")
    with pytest.raises(NothingRead, match="cannot be started"):
        counted(engine)
    assert not engine.healthy()
    engine.close()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"memory": "60MB", "spill": "1MB"}, "disk space"),
        ({"memory": "10MB", "spill": "100GB"}, "memory"),
    ],
)
def test_limits_of_memory_and_disk_are_told(
    visits: Path, tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    engine = DuckDBEngine(
        of_files({"visits": str(visits)}, spill_directory=str(tmp_path), **settings)
    )
    sql = "SELECT COUNT(*) AS n FROM (SELECT range, COUNT(*) FROM range(20000000) GROUP BY 1)"
    with pytest.raises(Refusal, match=sentence) as refused:
        engine.run(select(sql, "n"), "q")
    assert refused.value.code is Code.ENGINE_UNAVAILABLE
    assert counted(engine) == 1000
    engine.close()


def test_a_result_waits_for_its_reader(engine: DuckDBEngine) -> None:
    """A worker does not run ahead of whoever reads: its memory stays as it is."""
    from gateway.engines.duckdb_workers import Limits

    sizes: list[int] = []

    def taken(piece: bytes) -> None:
        status = Path(f"/proc/{worker(engine)}/statm").read_text().split()
        sizes.append(int(status[1]) * os.sysconf("SC_PAGE_SIZE"))
        if len(sizes) < 5:
            time.sleep(0.05)

    engine._workers.select("SELECT range AS n FROM range(20000000)", Limits(seconds=60), taken)
    assert len(sizes) > 100, "it comes in pieces"
    assert max(sizes) - sizes[0] < 100 * 2**20


def test_nothing_of_the_gateway_is_in_a_worker(engine: DuckDBEngine) -> None:
    """It is forked from a process that has loaded neither ledger nor samplers, and has no file."""
    process = Path(f"/proc/{worker(engine)}")
    maps = (process / "maps").read_text()
    assert "duckdb" in maps
    assert "opendp" not in maps
    assert "sqlite" not in " ".join(os.readlink(fd) for fd in (process / "fd").iterdir())


def test_many_questions_at_once_share_one_worker(engine: DuckDBEngine) -> None:
    before = worker(engine)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: counted(engine), range(200))) == {1000}
    assert worker(engine) == before
