"""The measurement of TPC-H, on a small scale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import tpch


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_a_query_is_measured_and_its_ratio_is_that_of_its_times(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tpch, "FOLDER", tmp_path)
    monkeypatch.setenv("TPCH_DATA", "")  # put back afterwards
    with tpch.SIDES[engine]("0.01") as side:
        noisy, public = (tpch.measure(side, number, 1) for number in (6, 11))
    assert noisy.ratio == noisy.private / noisy.plain
    assert min(noisy.plain, noisy.private, noisy.first, public.private) > 0
    text = tpch.section({f"{engine}, scale 0.01": [tpch.asdict(noisy), tpch.asdict(public)]})
    assert f"{noisy.ratio:.1f}×" in text


def test_the_section_takes_the_place_of_the_old_one_and_of_nothing_else() -> None:
    page = "# Benchmarks\n\n## TPC-H\n\nold\n\n## Memory\n\nkept\n"
    new = "## TPC-H\n\nnew\n"
    made = tpch.spliced(page, new)
    assert made == "# Benchmarks\n\n## TPC-H\n\nnew\n\n## Memory\n\nkept\n"
    assert (
        tpch.spliced("# Benchmarks\n", "## TPC-H\n\nnew\n") == "# Benchmarks\n\n## TPC-H\n\nnew\n"
    )
