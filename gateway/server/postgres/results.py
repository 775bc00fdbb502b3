"""What a statement gives: columns with rows that are written when they are sent, a tag, notices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from pygwire.messages import NoticeResponse

from gateway.server.postgres.formats import Field, encoder

Row = Sequence[bytes | None]


class Table(Protocol):
    """Columns and rows, each of which is written in the format asked for when it is sent."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns."""

    def __len__(self) -> int:
        """How many rows there are."""

    def written(self, indices: Sequence[int], formats: Sequence[int]) -> Iterator[Row]:
        """Some rows, by index, each column in its format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueTable:
    """Rows of Python values, as the line gives them."""

    fields: tuple[Field, ...]
    rows: Sequence[Sequence[object]]
    zone: ZoneInfo

    def __len__(self) -> int:
        return len(self.rows)

    def written(self, indices: Sequence[int], formats: Sequence[int]) -> Iterator[Row]:
        """Some rows, by index, each column in its format."""
        encoders = [
            encoder(column.oid, form, self.zone)
            for column, form in zip(self.fields, formats, strict=True)
        ]
        for index in indices:
            yield [
                None if value is None else write(value)
                for write, value in zip(encoders, self.rows[index], strict=True)
            ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a statement gives. `tag` is said at its end, for rows with their count behind it."""

    tag: str
    table: Table | None = None
    notices: tuple[NoticeResponse, ...] = ()
