"""A question: what touches a dataset's tables goes through the desk, as it does from HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from pygwire.messages import NoticeResponse

from gateway.errors import Refusal
from gateway.exchange import Answer, Request
from gateway.postprocess import explained
from gateway.server.desk import Desk
from gateway.server.postgres import parameters
from gateway.server.postgres.commands import Bound
from gateway.server.postgres.faults import Fault, State, notice, of_refusal
from gateway.server.postgres.formats import OF_NAME, TEXT_OID, Field, expanded, field
from gateway.server.postgres.results import Result, ValueTable
from gateway.server.postgres.settings import Settings
from gateway.server.postgres.statements import Statement
from gateway.sql.types import Scalar

Ask = Callable[[], Request]
"""A request with everything that the session knows, but without SQL and parameters."""

Named = Callable[[Request], Awaitable[None]]
"""Tells the audit trail of the client's name, the first time that it asks under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A SELECT or EXPLAIN for the line. Its columns come from its plan, which is free."""

    statement: Statement
    desk: Desk
    settings: Settings
    ask: Ask
    named: Named
    parameters: tuple[int, ...] = ()

    async def fields(self) -> tuple[Field, ...]:
        """The columns, as its plan has them."""
        samples = tuple(parameters.sample(oid) for oid in self.parameters)
        request = self._request(samples)
        try:
            plan = await self.desk.describe(request)
        except Refusal as refusal:
            raise self._told(refusal, request) from None
        if plan.explains:
            return _fields(explained.COLUMNS)
        return _fields([(column.name, column.type) for column in plan.outer.columns])

    async def run(self, bound: Bound) -> Result:
        """The answer, charged as every answer is."""
        request = self._request(self._values(bound))
        try:
            await self.named(request)
            answer = (await self.desk.ask(request)).answer
        except Refusal as refusal:
            raise self._told(refusal, request) from None
        return Result(
            tag="SELECT",
            table=ValueTable(
                fields=_fields([(column.name, column.type) for column in answer.columns]),
                rows=answer.rows,
                zone=self.settings.zone,
            ),
            notices=(said(answer),),
        )

    def _request(self, values: Sequence[Scalar]) -> Request:
        request = self.ask()
        if request.epsilon is not None and request.max_error is not None:
            raise Fault(
                State.INVALID_PARAMETER_VALUE,
                "noisegate.epsilon and noisegate.max_error exclude each other.",
                "RESET one of them.",
            )
        return replace(
            request, query_id=uuid.uuid4().hex, sql=self.statement.text, parameters=tuple(values)
        )

    def _values(self, bound: Bound) -> list[Scalar]:
        forms = expanded(bound.value_formats, len(bound.values))
        return [
            parameters.read(oid, form, data, number)
            for number, (oid, form, data) in enumerate(
                zip(self.parameters, forms, bound.values, strict=True), start=1
            )
        ]

    def _told(self, refusal: Refusal, request: Request) -> Fault:
        return of_refusal(refusal, request.sql, self.statement.offset, request.query_id)


def said(answer: Answer) -> NoticeResponse:
    """What an answer cost and what is left, and in the detail how exact its numbers are."""
    spent = answer.privacy
    if spent.epsilon > 0 or spent.delta > 0:
        cost = f"Charged epsilon {spent.epsilon:.6g}"
        cost += f" and delta {spent.delta:.3g}" if spent.delta else ""
    elif spent.reused:
        cost = "Free: released before"
    else:
        cost = "Free"
    left = spent.remaining
    if left is not None:
        cost += f"; epsilon {left.epsilon:.6g} is left"
        if left.renews_at is not None:
            cost += f" until {left.renews_at:%Y-%m-%d %H:%M} UTC"
    details = [f"query_id: {answer.query_id}"]
    for name, widths in answer.half_width.items():
        known = [width for width in widths if width is not None]
        if known:
            least, most = min(known), max(known)
            span = f"{most:.4g}" if least == most else f"{least:.4g} to {most:.4g}"
            details.append(f"{name}: ± {span} at {answer.confidence:.4g}")
    if spent.withheld_groups_possible:
        details.append("rare groups may be withheld")
    return notice(f"{cost}.", detail="; ".join([*details, *answer.notes]))


def _fields(columns: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    return tuple(field(name, OF_NAME.get(kind, TEXT_OID)) for name, kind in columns)
