"""The history of questions: who asked what, what it cost, how it ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.budget import audit, receipts
from gateway.budget.cost import NOTHING, Cost
from gateway.budget.receipts import Charged, SignedReceipt
from gateway.budget.store import Store
from gateway.budget.tables import charges, questions
from gateway.edges import ChargeRequest
from gateway.errors import Code, Refusal
from gateway.policy.model import Guarantee

ANSWERED = "answered"
"""The outcome of a question that was answered; others are the slugs of `errors.Code`."""
CHARGED = "charged"
"""The outcome of a question that was paid and has not ended yet, or whose process died."""

_FIND = sa.select(questions).where(questions.c.query_id == sa.bindparam("of_query"))
_FIND_ALL = sa.select(questions).where(
    questions.c.query_id.in_(sa.bindparam("of_queries", expanding=True))
)
_INSERT = questions.insert()
_SET = (
    sa.update(questions)
    .where(questions.c.query_id == sa.bindparam("of_query"))
    .values(
        amount=sa.bindparam("new_amount"),
        delta=sa.bindparam("new_delta"),
        guarantee=sa.bindparam("new_guarantee"),
        outcome=sa.bindparam("new_outcome"),
    )
)
_BALANCE_OF_QUERY = sa.select(
    charges.c.kind, charges.c.amount, charges.c.delta, charges.c.guarantee
).where(
    charges.c.query_id == sa.bindparam("of_query"), charges.c.holder == sa.bindparam("of_holder")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastQuestion:
    """One question of the past. `cost` is what the analyst's own account paid, refunds taken off.

    `guarantee` says the unit of `cost`; None where nothing was charged.
    """

    query_id: str
    analyst: str
    dataset: str | None
    sql: str
    at: dt.datetime
    cost: Cost
    guarantee: Guarantee | None
    outcome: str


class Questions:
    """Recording and reading the history."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record_answer(
        self, *, query_id: str, analyst: str, dataset: str, sql: str, answer_sha256: str
    ) -> SignedReceipt:
        """Say that a question was answered; durable when it returns the receipt.

        `answer_sha256` is `receipts.answer_digest` of the answer. Durable, for a receipt that is
        out must be in the trail whatever happens to the machine.
        """
        with self._store.writing() as connection:
            now = self._store.now(connection)
            known = connection.execute(_FIND, {"of_query": query_id}).one_or_none()
            if known is None:
                charged = Charged(guarantee=None, amount=0, delta=0)
                _insert(connection, query_id, analyst, dataset, sql, now, ANSWERED)
            else:
                cost = Cost(amount=known.amount, delta=known.delta)
                charged = Charged(guarantee=known.guarantee, amount=cost.amount, delta=cost.delta)
                _update(connection, query_id, cost, known.guarantee, ANSWERED)
            body = receipts.record_body(
                query_id=query_id,
                dataset=dataset,
                sql_sha256=audit.digest(sql),
                answer_sha256=answer_sha256,
                charged=charged,
            )
            record = audit.append(connection, at=now, kind=receipts.KIND, actor=analyst, body=body)
        signer = self._store.signer
        if signer is None:
            raise audit.unsigned()
        return receipts.sign(record, signer)

    def record_refusal(
        self, *, query_id: str, analyst: str, dataset: str | None, sql: str, code: Code
    ) -> None:
        """Say with which code a question was refused, unless the charge that was refused did."""
        with self._store.noting() as connection:
            now = self._store.now(connection)
            known = connection.execute(_FIND, {"of_query": query_id}).one_or_none()
            if known is not None and known.outcome == code.slug:
                return
            if known is None:
                _insert(connection, query_id, analyst, dataset, sql, now, code.slug)
            else:
                cost = Cost(amount=known.amount, delta=known.delta)
                _update(connection, query_id, cost, known.guarantee, code.slug)
            body = {
                "query_id": query_id,
                "dataset": dataset,
                "sql_sha256": audit.digest(sql),
                "code": code.slug,
            }
            audit.append(connection, at=now, kind="refusal", actor=analyst, body=body)

    def history(
        self, analyst: str | None, dataset: str | None = None, limit: int = 100
    ) -> tuple[PastQuestion, ...]:
        """The newest questions first, `limit` at most; None for all analysts or all datasets."""
        query = sa.select(questions).order_by(questions.c.at.desc(), questions.c.query_id.desc())
        if analyst is not None:
            query = query.where(questions.c.analyst == analyst)
        if dataset is not None:
            query = query.where(questions.c.dataset == dataset)
        with self._store.reading() as connection:
            return tuple(
                PastQuestion(
                    query_id=row.query_id,
                    analyst=row.analyst,
                    dataset=row.dataset,
                    sql=row.sql,
                    at=row.at,
                    cost=Cost(amount=row.amount, delta=row.delta),
                    guarantee=None if row.guarantee is None else Guarantee(row.guarantee),
                    outcome=row.outcome,
                )
                for row in connection.execute(query.limit(limit))
            )


def charged(
    connection: Connection, paid: Sequence[tuple[ChargeRequest, Cost]], now: dt.datetime
) -> None:
    """Enter questions into the history in the transaction that charges them, each once."""
    of = {"of_queries": [request.query_id for request, _ in paid]}
    known = {row.query_id: row for row in connection.execute(_FIND_ALL, of)}
    new, changed = [], []
    for request, cost in paid:
        guarantee, row = request.own.guarantee.value, known.get(request.query_id)
        if row is None:
            new.append(
                _row(
                    request.query_id, request.analyst.name, request.dataset, request.sql, now,
                    CHARGED, cost, guarantee,
                )
            )  # fmt: skip
        else:
            total = Cost(amount=row.amount, delta=row.delta) + cost
            changed.append(_values(request.query_id, total, guarantee, CHARGED))
    if new:
        connection.execute(_INSERT, new)
    if changed:
        connection.execute(_SET, changed)


def refused(
    connection: Connection, request: ChargeRequest, refusal: Refusal, now: dt.datetime
) -> None:
    """Enter a question whose charge was refused; what it may have paid before stands."""
    known = connection.execute(_FIND, {"of_query": request.query_id}).one_or_none()
    if known is None:
        _insert(
            connection, request.query_id, request.analyst.name, request.dataset, request.sql, now,
            refusal.code.slug,
        )  # fmt: skip
    else:
        paid = Cost(amount=known.amount, delta=known.delta)
        _update(connection, request.query_id, paid, known.guarantee, refusal.code.slug)


def refunded(connection: Connection, query_id: str) -> None:
    """Bring a question's cost in line with its charges and refunds."""
    known = connection.execute(_FIND, {"of_query": query_id}).one_or_none()
    if known is None:
        return
    amount = delta = 0
    rows = connection.execute(
        _BALANCE_OF_QUERY, {"of_query": query_id, "of_holder": f"user:{known.analyst}"}
    )
    for row in rows:
        sign = 1 if row.kind == "charge" else -1
        amount, delta = amount + sign * row.amount, delta + sign * row.delta
    _update(connection, query_id, Cost(amount=amount, delta=delta), known.guarantee, known.outcome)


def _insert(
    connection: Connection,
    query_id: str,
    analyst: str,
    dataset: str | None,
    sql: str,
    at: dt.datetime,
    outcome: str,
) -> None:
    connection.execute(_INSERT, _row(query_id, analyst, dataset, sql, at, outcome, NOTHING, None))


def _row(
    query_id: str,
    analyst: str,
    dataset: str | None,
    sql: str,
    at: dt.datetime,
    outcome: str,
    cost: Cost,
    guarantee: str | None,
) -> dict[str, object]:
    return {
        "query_id": query_id,
        "analyst": analyst,
        "dataset": None if dataset is None else storable(dataset),
        "sql": storable(sql),
        "at": at,
        "amount": cost.amount,
        "delta": cost.delta,
        "guarantee": guarantee,
        "outcome": outcome,
    }


def _update(
    connection: Connection, query_id: str, cost: Cost, guarantee: str | None, outcome: str
) -> None:
    connection.execute(_SET, _values(query_id, cost, guarantee, outcome))


def _values(query_id: str, cost: Cost, guarantee: str | None, outcome: str) -> dict[str, object]:
    return {
        "of_query": query_id,
        "new_amount": cost.amount,
        "new_delta": cost.delta,
        "new_guarantee": guarantee,
        "new_outcome": outcome,
    }


def storable(sql: str) -> str:
    """Text as every database can keep it: NUL and lone surrogates are escaped."""
    return sql.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")
