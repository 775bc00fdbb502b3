"""What was worked out before and would come out the same: plans, and the rows of an answer.

Both follow from the question, the dataset's version, the public tables (read once in a gateway's
life) and the released numbers. So remembering them changes no answer, only how long it takes.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Generic, TypeVar

from gateway.noise.tables import NoisyTable
from gateway.pages import Row
from gateway.privacy.plan import Estimate, Plan

if TYPE_CHECKING:
    from gateway.exchange import Request
    from gateway.policy.catalog import Dataset

MOST_BYTES = 8_000_000
"""About what one `Recent` may hold."""
CELL = 100
"""About the bytes of one value in a tuple of tuples."""
ENTRY = 4_000
"""About the bytes of an entry apart from texts and cells."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The values used last, as many as `most` bytes hold. Safe to share between threads."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._held = 0
        self._values: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """What was kept under a key, which is then the last used; None where nothing is."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def keep(self, key: Key, value: Value, size: int) -> None:
        """Keep a value of about `size` bytes in place of what the key had, and of old ones.

        A value that would take more than a quarter of the room is not kept.
        """
        with self._lock:
            self._held -= self._values.pop(key, (None, 0))[1]
            if size > self._most // 4:
                return
            self._values[key] = (value, size)
            self._held += size
            while self._held > self._most:
                self._held -= self._values.popitem(last=False)[1][1]

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All of a question that its plan depends on; with the noisy tables, its answer's rows.

    `digest` is the dataset's version. Parameters stand with their types, as 1 equals TRUE.
    `bounds` are the released estimates that bounds come from, each with its table: after a refresh
    the same estimate has another one.
    """

    dataset: str
    digest: str
    sql: str
    parameters: tuple[tuple[str, str], ...]
    epsilon: Fraction | None
    max_error: Fraction | None
    confidence: float
    bounds: tuple[tuple[str, NoisyTable], ...]
    day: dt.date | None

    @classmethod
    def of(
        cls,
        request: Request,
        dataset: Dataset,
        estimates: Sequence[Estimate],
        day: dt.date | None,
    ) -> Asked:
        """The key of a request about a dataset, asked on a day where that matters."""
        return cls(
            dataset=dataset.name,
            digest=dataset.digest,
            sql=request.sql,
            parameters=tuple((type(value).__name__, repr(value)) for value in request.parameters),
            epsilon=request.epsilon,
            max_error=request.max_error,
            confidence=request.confidence,
            bounds=tuple(
                (one.release.fingerprint, one.table) for one in estimates if one.table is not None
            ),
            day=day,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer's rows with their half-widths and notes, and the tables that they came from."""

    tables: Mapping[str, NoisyTable]
    rows: Sequence[Row]
    half_width: Mapping[str, tuple[float | None, ...]]
    notes: tuple[str, ...]

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        released = sum(len(t.rows) * (len(t.keys) + len(t.measures)) for t in self.tables.values())
        width = (len(self.rows[0]) if self.rows else 0) + len(self.half_width)
        return ENTRY + CELL * (released + width * len(self.rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """What one gateway remembers."""

    plans: Recent[Asked, Plan] = field(default_factory=Recent)
    """Plans of the questions asked last."""
    shown: Recent[Asked, Shown] = field(default_factory=Recent)
    """Rows of the answers given last."""


def size_of(plan: Plan) -> int:
    """About how many bytes a plan takes."""
    texts = [plan.outer.sql, plan.outer.redraw, *(r.statement.sql for r in plan.charged)]
    cells = sum(len(r.keys) * len(r.groups) for r in plan.releases if r.groups is not None)
    return ENTRY + sum(map(len, texts)) + CELL * cells
