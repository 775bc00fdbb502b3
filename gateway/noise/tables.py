"""Tables on both sides of the noise: exact ones that hide their rows, noisy ones that show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.sql.types import Scalar

if TYPE_CHECKING:
    import pyarrow as pa


class ExactTable:
    """An engine's exact result, protected: only `gateway.noise` may call `_open` (tested)."""

    __slots__ = ("__rows",)

    def __init__(self, rows: pa.Table) -> None:
        self.__rows = rows

    def __repr__(self) -> str:
        return "ExactTable(protected)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("protected rows are never serialised")

    def _open(self) -> pa.Table:
        return self.__rows


@dataclass(frozen=True, slots=True, kw_only=True)
class NoisyTable:
    """One release after noise: safe to show, keep and compute with.

    `rows` hold the key values, then the noisy integers of the measures in the units of the
    release's statement; rows are in key order.
    """

    keys: tuple[str, ...]
    measures: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
