"""What every kind of statement can do: say its parameters and columns, and run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gateway.server.postgres.formats import Field, expanded
from gateway.server.postgres.results import Result, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The values of a statement's parameters as a client sent them, and the formats it wants."""

    values: tuple[bytes | None, ...] = ()
    value_formats: tuple[int, ...] = ()
    result_formats: tuple[int, ...] = ()


UNBOUND = Bound()


class Command(Protocol):
    """One statement that was understood."""

    @property
    def parameters(self) -> tuple[int, ...]:
        """The types of its parameters, as OIDs."""

    async def fields(self) -> tuple[Field, ...] | None:
        """Its columns, found without running it and for free; None where it gives no rows."""

    async def run(self, bound: Bound) -> Result:
        """Run it. Raises `Fault` or `Refusal`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A statement under a name; `command` is None for an empty one."""

    command: Command | None


@dataclass(slots=True, kw_only=True)
class Portal:
    """A statement with its parameters, run once, whose rows are sent a few at a time.

    `position` is the row that was sent last, from 1; 0 is before the first and one more than there
    are behind the last. `held` ones, which DECLARE makes WITH HOLD, outlive the transaction, once
    it is `committed`.
    """

    command: Command | None
    bound: Bound
    scrolls: bool = True
    held: bool = False
    committed: bool = False
    declared: bool = False
    position: int = 0
    finished: bool = False
    result: Result | None = field(default=None, repr=False)

    async def opened(self) -> Result:
        """The result, of the first call's run."""
        if self.result is None:
            if self.command is None:
                raise AssertionError("an empty statement is not run")
            self.result = await self.command.run(self.bound)
        return self.result

    def formats(self, table: Table) -> Sequence[int]:
        """The format of each column."""
        return expanded(self.bound.result_formats, len(table.fields))
