"""Reading an answer back from the JSON that was kept under an idempotency key."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from gateway.exchange import Answer, Remaining, Spent
from gateway.privacy.plan import OutputColumn
from gateway.sql.types import Scalar


def read(text: str) -> Answer:
    """The answer that `render.answer_json` wrote; NaN and infinities come back as NULL."""
    document = json.loads(text, parse_float=Decimal)
    columns = tuple(
        OutputColumn(name=column["name"], type=column["type"], noisy=column["noisy"])
        for column in document["columns"]
    )
    kinds = [column.type for column in columns]
    accuracy = document["accuracy"]
    confidences = [float(entry["confidence"]) for entry in accuracy.values()]
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
            name: tuple(None if width is None else float(width) for width in entry["half_width"])
            for name, entry in accuracy.items()
        },
        privacy=_spent(document["privacy"]),
        notes=tuple(document["notes"]),
    )


def _value(kind: str, value: Any) -> Scalar:
    if value is None:
        return None
    match kind:
        case "date":
            return dt.date.fromisoformat(value)
        case "timestamp" | "timestamptz":
            return dt.datetime.fromisoformat(value)
        case "double precision" | "real":
            return float(value)
        case "numeric":
            return Decimal(value)
        case _:
            plain: Scalar = value
            return plain


def _spent(members: Any) -> Spent:
    left = members["remaining"]
    return Spent(
        unit=members["unit"],
        epsilon=float(members["epsilon"]),
        delta=float(members["delta"]),
        rho=_number(members["rho"]),
        reused=members["reused"],
        mechanism=members["mechanism"],
        remaining=None
        if left is None
        else Remaining(
            epsilon=float(left["epsilon"]),
            delta=float(left["delta"]),
            rho=_number(left["rho"]),
            renews_at=None
            if left["renews_at"] is None
            else dt.datetime.fromisoformat(left["renews_at"]),
        ),
        withheld_groups_possible=members["withheld_groups_possible"],
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
