"""What stands in answers, as OpenAPI shows it. Answers are written by `render`, not by these."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

Value = None | bool | int | float | str


class Column(BaseModel):
    """One column of an answer: its name as the SQL gives it and its PostgreSQL type."""

    name: str
    type: str
    noisy: bool


class Accuracy(BaseModel):
    """Half-widths of one noisy column, one per row; null where none can be told."""

    confidence: float
    half_width: list[float | None]


class Remaining(BaseModel):
    """What is left in the analyst's account."""

    epsilon: float
    delta: float
    rho: float | None = None
    renews_at: str | None = None


class Privacy(BaseModel):
    """What the answer took from the analyst's account, and what is left."""

    unit: str
    epsilon: float
    delta: float
    rho: float | None = None
    reused: bool
    mechanism: str | None
    remaining: Remaining | None
    withheld_groups_possible: bool


class Charged(BaseModel):
    """Exactly what the analyst's own account paid: 10⁻¹² of ε, or of ρ under zcdp; 10⁻¹⁸ of δ."""

    guarantee: str | None
    amount: int
    delta: int


class Receipt(BaseModel):
    """Signed proof of an answer, its cost and its place in the audit trail."""

    type: str
    key_id: str
    query_id: str
    analyst: str
    dataset: str | None
    at: str
    sql_sha256: str
    answer_sha256: str
    charged: Charged
    sequence: int
    previous: str
    record: str
    signature: str


class QueryAnswer(BaseModel):
    """The answer of `POST /v1/query`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "query_id": "5f0c5a7e6d1b4f0c9a3e2d1c0b9a8f7e",
                    "dataset": "hospital",
                    "columns": [
                        {"name": "age", "type": "text", "noisy": False},
                        {"name": "n", "type": "bigint", "noisy": True},
                    ],
                    "rows": [["[0-10)", 153], ["[10-20)", 701]],
                    "accuracy": {"n": {"confidence": 0.95, "half_width": [12.0, 12.0]}},
                    "privacy": {
                        "unit": "patient",
                        "epsilon": 0.25,
                        "delta": 0,
                        "rho": 0.0011,
                        "reused": False,
                        "mechanism": "discrete_gaussian",
                        "remaining": {"epsilon": 4.75, "delta": 1e-7},
                        "withheld_groups_possible": False,
                    },
                    "notes": [],
                    "receipt": {
                        "type": "noisegate.receipt/1",
                        "key_id": "3f1c9d1be2a04c0d8a35b7c1d4e6f708",
                        "query_id": "5f0c5a7e6d1b4f0c9a3e2d1c0b9a8f7e",
                        "analyst": "ana",
                        "dataset": "hospital",
                        "at": "2026-11-23T15:04:05.000006+00:00",
                        "sql_sha256": "…",
                        "answer_sha256": "…",
                        "charged": {"guarantee": "zcdp", "amount": 1100000000, "delta": 0},
                        "sequence": 1042,
                        "previous": "…",
                        "record": "…",
                        "signature": "…",
                    },
                }
            ]
        }
    )

    query_id: str
    dataset: str
    columns: list[Column]
    rows: list[list[Value]]
    accuracy: dict[str, Accuracy]
    privacy: Privacy
    notes: list[str]
    receipt: Receipt


class Measure(BaseModel):
    """One integer column of a release's statement and the noise that it gets."""

    column: str
    asked_for: str = Field(alias="for")
    norm: str
    sensitivity: int | float
    mechanism: str
    scale: float
    unit_of_scale: int | float


class Threshold(BaseModel):
    """Groups whose noisy owners' count in `column` is below `value` are withheld."""

    column: str
    value: int
    delta: float


class Release(BaseModel):
    """One place where protected rows become a noisy table."""

    name: str
    sql: str | None = Field(None, description="Absent where the administrator hides it.")
    dialect: str
    keys: list[str]
    key_names: list[str]
    key_domain: str
    measures: list[Measure]
    threshold: Threshold | None
    groups_of: str | None = Field(
        None, description="The release before it whose shown groups are this one's, too."
    )
    purpose: str = Field(description="`answer`, or `bounds` for the private estimate of a bound.")
    bounds_from: list[str] = Field(description="Releases that estimate this one's bounds.")
    bounds_known: bool = Field(
        description="False where `bounds_from` must be released first: statement, sensitivity and "
        "scale are then those for a bound of 1, and grow in proportion to it at the same price."
    )
    reused: bool = Field(description="You have paid for it; it costs nothing now.")


class Cost(BaseModel):
    """A price; `rho` under the guarantee zcdp only."""

    epsilon: float
    delta: float
    rho: float | None


class ExplainAnswer(BaseModel):
    """The answer of `POST /v1/explain`; nothing was read or charged."""

    accepted: bool
    dataset: str
    cost: Cost
    affordable: bool
    reused: bool
    releases: list[Release]
    post_processing: str
    columns: list[Column]
    notes: list[str]


class Problem(BaseModel):
    """RFC 9457; `line`, `column` and `fragment` where the SQL is at fault."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:noisegate:error:not_private",
                    "title": "The query would reveal rows of individuals",
                    "status": 422,
                    "detail": "The query returns rows of encounters, each of one patient.",
                    "code": "not_private",
                    "hint": "Aggregate them: SELECT COUNT(*) … GROUP BY …",
                    "line": 1,
                    "column": 8,
                    "fragment": "*",
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str
    line: int | None = None
    column: int | None = None
    fragment: str | None = None
