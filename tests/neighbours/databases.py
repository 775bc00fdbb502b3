"""Small databases of every kind of row, made by hypothesis.

A row is drawn as an owner and a seed that decides its values, so that examples are made quickly and
shrink to few rows. `spread` repeats a row under many values of the private keys, so that one owner
stands in more groups than any bound allows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.corpus.policies import OWNER, PROTECTED, shipped

Value = str | int | float | None
Row = Mapping[str, Value]
Rows = tuple[Row, ...]

OWNERS = (1, 2, 3, -(2**63), None)
_ODD_TEXTS = (
    "",
    " ",
    "ünïcødé 💊",
    "x\ty",
    "%_\\",
    "'; --",
    "Female ",
    "250",
    "250.01",
    "428",
    None,
)
_EXTREMES = (-(2**63), 2**63 - 1, -1, 0, 1, None)
_FLOATS = (0.01, 4.95, -0.0, 0.0, 1e308, -1e308, float("nan"), float("inf"), float("-inf"), None)
_HALVES = (0.005, 2.675, 19.999, 20.0, 20.004, -0.01)
_MOMENTS = (
    *("2010-12-01 00:00:00", "2011-01-15 08:26:00", "2011-06-30 23:59:59.999999"),
    *("2011-11-04 12:00:00", "2011-12-09 23:59:59.999999", "2011-12-10 00:00:00"),
    *("1970-01-01 00:00:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59", "infinity"),
    *("-infinity", "290309-12-22 (BC) 00:00:00", "294247-01-10 04:00:54.775806", None),
)
_PRIVATE = {"hospital": ("diag_1", "medical_specialty", "payer_code"), "retail": ("stock_code",)}


@dataclass(frozen=True, slots=True)
class Kind:
    """What the values of one column are drawn from, and its type in DuckDB."""

    values: Sequence[Value]
    type: str


@cache
def kinds(dataset: str) -> dict[str, Kind]:
    """The columns of the protected table: within and outside of what the policy declares."""
    columns: dict[str, Any] = shipped(dataset)["tables"][PROTECTED[dataset]]["columns"]
    found = {name: _kind(name, declared or {}) for name, declared in columns.items()}
    return {name: kind for name, kind in found.items() if kind is not None}


def _kind(name: str, declared: Mapping[str, Any]) -> Kind | None:
    if name in OWNER.values() or name == "encounter_id":
        return None
    if name == "invoice_at":
        return Kind(_MOMENTS, "TIMESTAMP")
    if name == "unit_price":
        return Kind((*_FLOATS, *_HALVES), "DOUBLE")
    if "bounds" in declared:
        low, high = declared["bounds"]
        within = (low, high, (low + high) // 2, low + 1)
        return Kind((*within, *within, low - 1, high + 1, *_EXTREMES), "BIGINT")
    if "references" in declared:
        return Kind((1, 2, 3, 5, 8, 25, *_EXTREMES), "BIGINT")
    values = [str(v) if v is not None else None for v in declared.get("values", ())]
    return Kind((*values, *values, *_ODD_TEXTS), "VARCHAR")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn row: repeated `copies` times, or under `spread` values of its private keys."""

    owner: int | None
    seed: int
    copies: int
    spread: int


drawn = st.builds(
    Drawn,
    owner=st.sampled_from(OWNERS),
    seed=st.integers(0, 2**20),
    copies=st.sampled_from((1, 1, 1, 2, 9)),
    spread=st.sampled_from((1, 1, 1, 1, 1, 3, 70, 200)),
)


Sketch = tuple[Drawn, ...]
"""A database in the form in which hypothesis shows and shrinks it."""

sketches = st.lists(drawn, max_size=10).map(tuple)


def rows_of(sketch: Sketch, dataset: str) -> Rows:
    """The rows of the protected table of a dataset."""
    known = kinds(dataset)
    rows = [row for one in sketch for row in _rows(one, dataset, known)]
    if dataset == "hospital":
        # The policy's key, which the gateway checks at start: no two rows agree in it.
        rows = [{**row, "encounter_id": number} for number, row in enumerate(rows)]
    return tuple(rows)


def _rows(one: Drawn, dataset: str, known: Mapping[str, Kind]) -> Iterator[Row]:
    source = random.Random(one.seed)
    row = {name: source.choice(kind.values) for name, kind in known.items()}
    row[OWNER[dataset]] = one.owner
    for number in range(one.spread):
        names = _PRIVATE[dataset] if one.spread > 1 else ()
        changed = {name: f"{row[name]}{number}" for name in names}
        for _ in range(one.copies if one.spread == 1 else 1):
            yield {**row, **changed}
