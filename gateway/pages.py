"""The rows of a large answer, in pages on disk: what a gateway holds of it does not grow with it.

Only rows that may be shown come here: noisy and public ones. The file has no name, so that nobody
else opens it, and is gone with the answer, or with the process.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

from gateway.sql.types import Scalar

Row = tuple[Scalar, ...]

PAGE_ROWS = 4_096
MOST_ROWS_HELD = 4 * PAGE_ROWS
"""Rows of an answer that stay in memory as they are; beyond them it is put into pages."""
MOST_BYTES = 1 << 30
"""What the pages of one answer may take on the disk."""


class TooLarge(Exception):
    """The rows take more than `MOST_BYTES`."""


class _Nameless:
    """A file that is closed, and so gone, with the last that holds it."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115

    def __del__(self) -> None:
        self._file.close()

    def write(self, data: bytes, place: int) -> None:
        written = 0
        while written < len(data):
            written += os.pwrite(self._file.fileno(), data[written:], place + written)

    def read(self, place: int, length: int) -> bytes:
        data = b""
        while len(data) < length:
            some = os.pread(self._file.fileno(), length - len(data), place + len(data))
            if not some:
                raise OSError("the end of an answer's pages is gone")
            data += some
        return data


class Pages(Sequence[Row]):
    """Rows that cannot change. Safe to share between threads.

    Reading one row reads its page, so rows are best read in order; the last page stays at hand.
    """

    def __init__(self, rows: Iterable[Sequence[Row]], most: int = MOST_BYTES) -> None:
        """`rows` come in lots of any size. Raises `TooLarge` where they take more than `most`
        bytes, OSError where the disk has no room; what was written is gone then."""
        self._width: int | None = None
        self._file = _Nameless()
        self._places: list[tuple[int, int]] = []
        self._count = 0
        self._last: tuple[int, list[Row]] = (-1, [])
        end, each = 0, (row for lot in rows for row in lot)
        while page := list(islice(each, PAGE_ROWS)):
            data = pickle.dumps(page, pickle.HIGHEST_PROTOCOL)
            if end + len(data) > most:
                raise TooLarge
            self._file.write(data, end)
            self._places.append((end, len(data)))
            end += len(data)
            self._count += len(page)

    def cut(self, width: int) -> Pages:
        """The same rows with their first `width` columns alone."""
        made = object.__new__(Pages)
        made.__dict__ |= self.__dict__
        made._width = width
        made._last = (-1, [])
        return made

    def pages(self) -> Iterator[Sequence[Row]]:
        """All rows, a page at a time."""
        return (self._page(number) for number in range(len(self._places)))

    def _page(self, number: int) -> list[Row]:
        known, rows = self._last
        if known == number:
            return rows
        start, length = self._places[number]
        rows = pickle.loads(self._file.read(start, length))  # noqa: S301 (this process wrote it, into a file without a name)
        if self._width is not None:
            rows = [row[: self._width] for row in rows]
        self._last = (number, rows)
        return rows

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        return (row for page in self.pages() for row in page)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._count))]
        place = range(self._count)[index]
        return self._page(place // PAGE_ROWS)[place % PAGE_ROWS]


def paged(rows: Iterable[Sequence[Row]], most: int = MOST_BYTES) -> Sequence[Row]:
    """Rows that come in lots: a tuple where they are few, otherwise `Pages`, which raise."""
    held: list[Row] = []
    lots = iter(rows)
    for lot in lots:
        held += lot
        if len(held) > MOST_ROWS_HELD:
            return Pages(_chained(held, lots), most)
    return tuple(held)


def _chained(held: list[Row], lots: Iterator[Sequence[Row]]) -> Iterator[Sequence[Row]]:
    yield held
    yield from lots


def pages_of(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """An answer's rows, a page at a time."""
    if isinstance(rows, Pages):
        yield from rows.pages()
    else:
        for start in range(0, len(rows), PAGE_ROWS):
            yield rows[start : start + PAGE_ROWS]


def narrowed(rows: Sequence[Row], width: int) -> Sequence[Row]:
    """The rows with their first `width` columns alone."""
    return rows.cut(width) if isinstance(rows, Pages) else tuple(row[:width] for row in rows)
