"""Rows are remembered only where running the post-processing again would give the same ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.postprocess.workbench import Workbench

CHANGING = [
    "SELECT random() * n FROM t",
    "SELECT Today(), n FROM t",
    'SELECT "now"(), n FROM t',
    "SELECT n FROM t WHERE d < CURRENT_DATE",
    "SELECT n FROM t WHERE d < current_timestamp",
    "SELECT ago(INTERVAL 1 DAY), n FROM t",
    "SELECT gen_random_uuid() FROM t",
    "SELECT * FROM t USING SAMPLE 3",
    "SELECT * FROM t TABLESAMPLE 10%",
]
LASTING = [
    'SELECT "noisy_1"."k0" AS "age", CAST(ROUND(n / 65536.0) AS BIGINT) FROM t ORDER BY 1',
    "SELECT n / NULLIF(SUM(n) OVER (), 0), date_trunc('month', d), split_part(s, '-', 1) FROM t",
    "SELECT LEAST(GREATEST(n, 0), 5), COALESCE(s, 'x'), now_and_then FROM t",
]


@pytest.fixture(scope="module")
def workbench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


@pytest.mark.parametrize("sql", CHANGING)
def test_what_may_change_is_run_again(workbench: Workbench, sql: str) -> None:
    assert not workbench.repeats(sql)


@pytest.mark.parametrize("sql", LASTING)
def test_what_lasts_is_remembered(workbench: Workbench, sql: str) -> None:
    assert workbench.repeats(sql)
