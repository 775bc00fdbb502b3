"""Answers and explanations as documents: JSON, CSV, Arrow. Pure.

CSV and Arrow carry exactly the columns and rows of the answer; what it cost and how accurate it is
stand in `Noisegate-` headers, for Arrow also in the schema's metadata.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.budget.audit import canonical
from gateway.budget.cost import AMOUNT_UNIT, DELTA_UNIT
from gateway.budget.receipts import MEMBER, paged_digest
from gateway.exchange import Answer, Explanation, Remaining, Spent
from gateway.pages import pages_of
from gateway.policy.model import Guarantee
from gateway.privacy.plan import Release
from gateway.server.arrow import stream
from gateway.server.cells import cell, moment, number, number_up, row
from gateway.sql.types import Scalar

JSON = "application/json"
CSV = "text/csv"
ARROW = "application/vnd.apache.arrow.stream"

_HEADER_BYTES = 4096
"""Longest JSON that is put into one response header; proxies cut at 8 KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An answer with its media type and the headers that go with it. `pieces` are its bytes, each
    written when it is asked for, so that a large answer need not be in memory; to be read once."""

    pieces: Iterator[bytes]
    media_type: str
    headers: Mapping[str, str]


def wanted(accept: str | None) -> str:
    """The media type that an Accept header asks for most; JSON for all that is unknown.

    Weights (`;q=`) count; among equals the first named wins, as RFC 9110 lets a server choose.
    """
    best, weight = JSON, 0.0
    for part in (accept or "").split(","):
        name, *parameters = [piece.strip().lower() for piece in part.split(";")]
        if name not in (JSON, CSV, ARROW):
            continue
        quality = _quality(parameters)
        if quality > weight:
            best, weight = name, quality
    return best


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            digits = parameter[2:]
            if digits.replace(".", "", 1).isdecimal():
                return min(float(digits), 1.0)
            return 0.0
    return 1.0


def answer_document(answer: Answer, media_type: str) -> Document:
    """An answer in one of the three media types."""
    if media_type == JSON:
        pieces = (piece.encode() for piece in answer_json(answer))
        return Document(pieces=pieces, media_type=JSON, headers={})
    headers = answer_headers(answer)
    if media_type == CSV:
        return Document(
            pieces=(piece.encode() for piece in answer_csv(answer)),
            media_type="text/csv; charset=utf-8; header=present",
            headers=headers,
        )
    metadata = {
        "noisegate.query_id": answer.query_id,
        "noisegate.accuracy": json.dumps(accuracy(answer)),
        "noisegate.privacy": json.dumps(privacy(answer.privacy)),
    }
    return Document(pieces=stream(answer, metadata), media_type=ARROW, headers=headers)


def answer_json(answer: Answer) -> Iterator[str]:
    """The answer of `POST /v1/query`, in pieces. Rows are written value by value to keep every
    digit. The receipt is left out where there is none yet."""
    head, tail = _around(answer)
    yield f'{head[:-1]}, "rows": ['
    for index, page in enumerate(pages_of(answer.rows)):
        yield ("," if index else "") + ",".join(map(row, page))
    yield f"], {tail[1:]}"


def digest(answer: Answer) -> str:
    """What a receipt says of an answer: `receipts.answer_digest` of its JSON, page by page."""
    head, tail = _around(answer)
    pages = ("[" + ",".join(map(row, page)) + "]" for page in pages_of(answer.rows))
    return paged_digest(f'{head[:-1]}, "rows": [], {tail[1:]}', pages)


def _around(answer: Answer) -> tuple[str, str]:
    """The JSON object of what stands before the rows, and that of what stands behind them."""
    head = json.dumps(
        {
            "query_id": answer.query_id,
            "dataset": answer.dataset,
            "columns": [
                {"name": column.name, "type": column.type, "noisy": column.noisy}
                for column in answer.columns
            ],
        },
        ensure_ascii=False,
    )
    tail = json.dumps(
        {
            "accuracy": accuracy(answer),
            "privacy": privacy(answer.privacy),
            "notes": list(answer.notes),
        }
        | ({} if answer.receipt is None else {MEMBER: answer.receipt.document()}),
        ensure_ascii=False,
    )
    return head, tail


def answer_csv(answer: Answer) -> Iterator[str]:
    """RFC 4180 with a header line, in pieces: NULL is an empty field, an empty text is `""`."""
    yield _lines([[column.name for column in answer.columns]])
    yield from map(_lines, pages_of(answer.rows))


def _lines(rows: Iterable[Sequence[Scalar]]) -> str:
    # A lone NULL would be an empty line, which readers skip.
    return "".join((",".join(map(_field, values)) or '""') + "\r\n" for values in rows)


def _field(value: Scalar) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        plain = value and value == value.strip() and not any(mark in value for mark in ',"\r\n')
        return value if plain else '"' + value.replace('"', '""') + '"'
    text = cell(value)
    return "" if text == "null" else text.strip('"')


def accuracy(answer: Answer) -> dict[str, object]:
    """By noisy column: the confidence and one half-width, or null, per row."""
    return {
        name: {"confidence": answer.confidence, "half_width": list(widths)}
        for name, widths in answer.half_width.items()
    }


def privacy(spent: Spent) -> dict[str, object]:
    """The `privacy` member of an answer."""
    return {
        "unit": spent.unit,
        "epsilon": spent.epsilon,
        "delta": spent.delta,
        "rho": spent.rho,
        "reused": spent.reused,
        "mechanism": spent.mechanism,
        "remaining": None if spent.remaining is None else remaining(spent.remaining),
        "withheld_groups_possible": spent.withheld_groups_possible,
    }


def remaining(left: Remaining) -> dict[str, object]:
    """What is left in an account."""
    return {
        "epsilon": left.epsilon,
        "delta": left.delta,
        "rho": left.rho,
        "renews_at": None if left.renews_at is None else moment(left.renews_at),
    }


def answer_headers(answer: Answer) -> dict[str, str]:
    """Cost and accuracy for formats that have no room for them in the body.

    `Noisegate-Accuracy` holds every half-width, or, where these are too many for a header, the
    largest of each column as `largest_half_width`.
    """
    full = json.dumps(accuracy(answer))
    if len(full) > _HEADER_BYTES:
        full = json.dumps(
            {
                name: {
                    "confidence": answer.confidence,
                    "largest_half_width": max(
                        (width for width in widths if width is not None), default=None
                    ),
                }
                for name, widths in answer.half_width.items()
            }
        )
    headers = {
        "Noisegate-Query-Id": answer.query_id,
        "Noisegate-Epsilon": repr(answer.privacy.epsilon),
        "Noisegate-Delta": repr(answer.privacy.delta),
        "Noisegate-Reused": "true" if answer.privacy.reused else "false",
        "Noisegate-Privacy": json.dumps(privacy(answer.privacy)),
        "Noisegate-Accuracy": full,
    }
    if answer.receipt is not None:
        headers["Noisegate-Receipt"] = canonical(answer.receipt.document())
    if answer.privacy.remaining is not None:
        headers["Noisegate-Remaining-Epsilon"] = repr(answer.privacy.remaining.epsilon)
    return headers


def explanation_document(explanation: Explanation, shows_sql: bool) -> dict[str, object]:
    """The answer of `POST /v1/explain`; without `shows_sql` the engine's SQL is left out."""
    cost = explanation.cost
    estimates = [estimate.release for estimate in explanation.plan.estimates]
    pending = {estimate.release.name for estimate in explanation.plan.pending}
    return {
        "accepted": True,
        "dataset": explanation.plan.dataset,
        "cost": {
            "epsilon": explanation.epsilon,
            "delta": cost.delta / DELTA_UNIT,
            "rho": cost.amount / AMOUNT_UNIT if explanation.guarantee is Guarantee.ZCDP else None,
        },
        "affordable": explanation.affordable,
        "reused": explanation.reused,
        "releases": [
            release_document(part, shows_sql)
            | {
                "purpose": "bounds" if part in estimates else "answer",
                "bounds_from": list(part.bounds_from),
                "bounds_known": pending.isdisjoint(part.bounds_from),
                "reused": part.fingerprint in explanation.seen,
            }
            for part in explanation.plan.laid_out
        ],
        "post_processing": explanation.plan.outer.sql,
        "columns": [
            {"name": column.name, "type": column.type, "noisy": column.noisy}
            for column in explanation.plan.outer.columns
        ],
        "notes": list(explanation.plan.notes),
    }


def release_document(release: Release, shows_sql: bool) -> dict[str, object]:
    """One release: the exact statement, its keys, what noise each measure gets, the threshold."""
    document: dict[str, object] = {"name": release.name}
    if shows_sql:
        document["sql"] = release.statement.shown
    return document | {
        "dialect": release.statement.dialect,
        "keys": [key.name for key in release.keys],
        "key_names": [key.label for key in release.keys],
        "key_domain": "public" if release.public_keys else "private",
        "measures": [
            {
                "column": measure.column,
                "for": measure.label,
                "norm": measure.sensitivity.norm.value,
                "sensitivity": number_up(measure.sensitivity.value),
                "mechanism": measure.mechanism.noise.value,
                "scale": measure.mechanism.scale,
                "unit_of_scale": number(measure.unit_of_scale),
            }
            for measure in release.measures
        ],
        "threshold": None
        if release.threshold is None
        else {
            "column": release.threshold.column,
            "value": release.threshold.least,
            "delta": release.threshold.delta / DELTA_UNIT,
        },
        "groups_of": release.groups_of,
    }
