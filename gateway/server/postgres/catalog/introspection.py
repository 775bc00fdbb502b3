"""A statement about the catalog as a command: the shadow describes and runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway.policy.catalog import Dataset
from gateway.server.postgres.catalog.lockdown import narrowed
from gateway.server.postgres.catalog.shadow import Shadow
from gateway.server.postgres.commands import Bound
from gateway.server.postgres.faults import Fault
from gateway.server.postgres.formats import Field
from gateway.server.postgres.results import Result
from gateway.server.postgres.statements import Statement

Current = Callable[[], Dataset]


@dataclass(frozen=True, slots=True, kw_only=True)
class Introspection:
    """A query that the shadow answers. `columns` is None where it was not described.

    `dataset` gives the dataset as it is now: a statement that was prepared before its policy
    changed must not bring the old schema back. It raises `Fault` where it is gone.
    """

    statement: Statement
    sql: str
    shadow: Shadow
    user: str
    dataset: Current
    parameters: tuple[int, ...] = ()
    columns: tuple[Field, ...] | None = None

    async def fields(self) -> tuple[Field, ...] | None:
        """The columns, as the shadow describes them."""
        if self.columns is not None:
            return self.columns
        found = await self.shadow.described(self.user, self.dataset(), self.sql, self.parameters)
        return found.fields

    async def run(self, bound: Bound) -> Result:
        """The rows."""
        try:
            table = await self.shadow.run(
                self.user, self.dataset(), self.sql, self.parameters, bound
            )
        except Fault as fault:
            raise placed(fault, self.statement, self.sql) from None
        return Result(tag="SELECT", table=table)


async def introspection(
    statement: Statement, shadow: Shadow, user: str, dataset: Current, oids: Sequence[int] | None
) -> Introspection:
    """The command of a statement. With `oids`, which are the types that a client knows, the others
    are found out now; without, it has no parameters."""
    sql = narrowed(statement)
    parameters: tuple[int, ...] = ()
    columns = None
    if oids is not None:
        try:
            found = await shadow.described(user, dataset(), sql, oids)
        except Fault as fault:
            raise placed(fault, statement, sql) from None
        parameters, columns = found.parameters, found.fields
    return Introspection(
        statement=statement,
        sql=sql,
        shadow=shadow,
        user=user,
        dataset=dataset,
        parameters=parameters,
        columns=columns,
    )


def placed(fault: Fault, statement: Statement, sql: str) -> Fault:
    """A fault of the shadow with its position in what the client sent, if it is known there."""
    if fault.position is not None:
        same = sql == statement.text
        fault.position = fault.position + statement.offset if same else None
    return fault
