"""Reading an answer back from the JSON that was kept under an idempotency key."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from gateway.budget.receipts import MEMBER, of_document
from gateway.exchange import Answer, Remaining, Spent
from gateway.privacy.plan import OutputColumn
from gateway.sql.types import Scalar


def read(text: str) -> Answer:
    """The answer that `render.answer_json` wrote; written again it is the same text.

    NaN and infinities come back as NULL.
    """
    document = json.loads(text, parse_float=Decimal)
    columns = tuple(
        OutputColumn(name=column["name"], type=column["type"], noisy=column["noisy"])
        for column in document["columns"]
    )
    kinds = [column.type for column in columns]
    accuracy = document["accuracy"]
    confidences = [_number(entry["confidence"]) for entry in accuracy.values()]
    return Answer(
        query_id=document["query_id"],
        dataset=document["dataset"],
        columns=columns,
        rows=tuple(
            tuple(_value(kind, value) for kind, value in zip(kinds, row, strict=True))
            for row in document["rows"]
        ),
        confidence=confidences[0] if confidences else 0.95,
        half_width={
            name: tuple(None if width is None else _number(width) for width in entry["half_width"])
            for name, entry in accuracy.items()
        },
        privacy=_spent(document["privacy"]),
        notes=tuple(document["notes"]),
        receipt=of_document(document) if MEMBER in document else None,
    )


def _value(kind: str, value: Any) -> Scalar:
    if value is None:
        return None
    match kind:
        case "date":
            return dt.date.fromisoformat(value)
        case "timestamp" | "timestamptz":
            return dt.datetime.fromisoformat(value)
        case "numeric":
            return value if isinstance(value, int) else Decimal(value)
        case _ if isinstance(value, Decimal):
            return float(value)
        case _:
            plain: Scalar = value
            return plain


def _spent(members: Any) -> Spent:
    left = members["remaining"]
    return Spent(
        unit=members["unit"],
        epsilon=_number(members["epsilon"]),
        delta=_number(members["delta"]),
        rho=None if members["rho"] is None else _number(members["rho"]),
        reused=members["reused"],
        mechanism=members["mechanism"],
        remaining=None
        if left is None
        else Remaining(
            epsilon=_number(left["epsilon"]),
            delta=_number(left["delta"]),
            rho=None if left["rho"] is None else _number(left["rho"]),
            renews_at=None
            if left["renews_at"] is None
            else dt.datetime.fromisoformat(left["renews_at"]),
        ),
        withheld_groups_possible=members["withheld_groups_possible"],
    )


def _number(value: int | Decimal) -> float:
    """Numbers that were written without a fraction stay so."""
    return value if isinstance(value, int) else float(value)
