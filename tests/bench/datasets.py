"""What is asked about: the hospital of the demo, and a large generated table with heavy owners.

Both policies have budgets that no benchmark exhausts.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from gateway.start import Gateway, start

ROOT = Path(__file__).parents[2]
ROWS = 10_000_000
OWNERS = 100_000

_BUDGETS = """budgets:
  - {for: "role:analyst", epsilon: 20}
  - {for: everyone, epsilon: 20}
"""

# Uniform numbers come from hashes of the row's number, so that the table is the same however many
# threads make it. Owners follow Zipf's law with exponent 1: the heaviest has 6% of all rows, half
# of the owners have about a dozen rows or fewer. Places are 10,000 with the same law.
_GENERATE = """
CREATE TABLE events AS
WITH uniform AS (
    SELECT i, {u1} AS u1, {u2} AS u2, {u3} AS u3, {u4} AS u4, {u5} AS u5 FROM range({rows}) AS r(i)
)
SELECT
    i AS event_id,
    CAST(floor(pow({owners}, u1)) AS INTEGER) AS owner_id,
    'k' || lpad(CAST(CAST(floor(u2 * 50) AS INTEGER) AS VARCHAR), 2, '0') AS kind,
    'place ' || CAST(floor(pow(10000, u3)) AS INTEGER) AS place,
    TIMESTAMP '2024-01-01' + to_seconds(CAST(floor(u4 * 365 * 86400) AS BIGINT)) AS happened_at,
    CAST(round(-20 * ln(1 - u5), 2) AS DECIMAL(9, 2)) AS amount
FROM uniform
"""

_POLICY = """
dataset: events
description: Generated events of owners with a heavy tail.
engine:
  type: duckdb
  database: {database}
privacy: {{unit: owner, guarantee: zcdp, delta: 1.0e-7, per_query: 0.25, max_per_query: 1.0}}
tables:
  events:
    unit: owner_id
    key: event_id
    max_rows: 50
    max_groups: 12
    columns:
      event_id: {{hidden: true}}
      owner_id: {{}}
      kind: {{values: [{kinds}], nullable: false}}
      place: {{nullable: false}}
      happened_at: {{bounds: [2024-01-01T00:00:00, 2024-12-31T23:59:59], nullable: false}}
      amount: {{bounds: [0, 200], step: 0.01, nullable: false}}
"""


def database(folder: Path, rows: int = ROWS) -> Path:
    """The DuckDB file with the generated table; made once, as it always comes out the same."""
    file = folder / f"events-{rows}.duckdb"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        uniform = {f"u{n}": f"(hash(i * 8 + {n}) >> 11) / 9007199254740992.0" for n in range(1, 6)}
        with duckdb.connect(str(unfinished)) as made:
            made.execute(_GENERATE.format(rows=rows, owners=OWNERS, **uniform))
        unfinished.rename(file)
    return file


def policies(folder: Path, rows: int = ROWS) -> Path:
    """A folder with the policies of both datasets."""
    written = folder / "policies"
    written.mkdir(parents=True, exist_ok=True)
    kinds = ", ".join(f"k{n:02d}" for n in range(50))
    events = _POLICY.format(database=database(folder, rows), kinds=kinds)
    (written / "events.yaml").write_text(events + _BUDGETS, encoding="utf-8")
    _shipped("hospital", written)
    return written


def demo(folder: Path) -> Path:
    """A folder with the policies of the demo."""
    written = folder / "demo"
    written.mkdir(parents=True, exist_ok=True)
    for dataset in ("hospital", "retail"):
        _shipped(dataset, written)
    return written


def _shipped(dataset: str, folder: Path) -> None:
    policy = (ROOT / "policies" / f"{dataset}.yaml").read_text(encoding="utf-8")
    shipped, found, _ = policy.partition("\nbudgets:")
    assert found, "the example policy has no budgets"
    (folder / f"{dataset}.yaml").write_text(f"{shipped}\n{_BUDGETS}", encoding="utf-8")


@contextlib.contextmanager
def gateway(folder: Path, rows: int = ROWS) -> Iterator[Gateway]:
    """A gateway about both datasets, with a new ledger in a file."""
    ledger = folder / "ledger.sqlite"
    for part in ("", "-wal", "-shm"):
        Path(f"{ledger}{part}").unlink(missing_ok=True)
    running = start(policies(folder, rows), f"sqlite:///{ledger}")
    try:
        yield running
    finally:
        running.close()
