"""What may stand in a request's body, checked strictly: an unknown member is refused by name."""

from __future__ import annotations

import math
from difflib import get_close_matches
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from gateway.budget.grants import LONGEST_DAYS

MAX_BODY_BYTES = 1_048_576
"""The largest request body that is read."""
MAX_SQL_CHARACTERS = 100_000
"""The longest SQL text that is parsed."""
MAX_PARAMETERS = 1_000
"""The most parameters of one question."""
_WIDEST = 2**127


def _storable(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("text", "a NUL character cannot stand in text")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("text", "a lone surrogate is not a character")
    return text


def _value(value: bool | int | float | str | None) -> bool | int | float | str | None:
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticCustomError("number", "NaN and infinities are no parameters")
    if isinstance(value, int) and not -_WIDEST <= value < _WIDEST:
        raise PydanticCustomError("number", "an integer has at most 128 bits")
    return value


Text = Annotated[str, AfterValidator(_storable)]
Parameter = Annotated[bool | int | float | str | None, AfterValidator(_value)]


class StrictBody(BaseModel):
    """A JSON object without members that the gateway does not know, and without coercion."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _known(cls, body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        known = list(cls.model_fields)
        for name in body:
            if name in known:
                continue
            near = get_close_matches(name[:100], known, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known are {', '.join(known)}."
            raise PydanticCustomError(
                "unknown_member",
                "`{name}` is not a member of this request.",
                {"name": name[:100], "hint": hint},
            )
        return body


class QueryBody(StrictBody):
    """One question, as `POST /v1/query` and `POST /v1/explain` take it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sql": "SELECT age, COUNT(*) AS n FROM encounters GROUP BY age",
                    "dataset": "hospital",
                    "parameters": [],
                    "epsilon": 0.25,
                    "max_error": None,
                    "confidence": 0.95,
                }
            ]
        }
    )

    sql: Text = Field(
        min_length=1,
        max_length=MAX_SQL_CHARACTERS,
        description="One SELECT in PostgreSQL's dialect.",
    )
    dataset: Text | None = Field(
        None, max_length=200, description="May be left out where the user sees one dataset."
    )
    parameters: list[Parameter] = Field(
        default_factory=list, max_length=MAX_PARAMETERS, description="Values of $1, $2, …"
    )
    epsilon: float | None = Field(
        None,
        gt=0,
        allow_inf_nan=False,
        description="What the question may cost; the policy's `per_query` where it is left out.",
    )
    max_error: float | None = Field(
        None,
        gt=0,
        allow_inf_nan=False,
        description="Half-width wanted at `confidence`; the gateway picks the least epsilon.",
    )
    confidence: float = Field(
        0.95, gt=0, lt=1, description="Of the half-widths in the answer, between 0 and 1."
    )

    @model_validator(mode="after")
    def _one_price(self) -> QueryBody:
        if self.epsilon is not None and self.max_error is not None:
            raise PydanticCustomError(
                "unknown_member",
                "`epsilon` and `max_error` exclude each other.",
                {"hint": "Give the price (`epsilon`) or the precision (`max_error`), not both."},
            )
        return self


class GrantBody(StrictBody):
    """More budget for one account, as `POST /v1/admin/budgets/{user}/grants` takes it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"dataset": "hospital", "epsilon": 2.5, "reason": "quarterly report"}]
        }
    )

    dataset: Text = Field(min_length=1, max_length=200)
    epsilon: float = Field(gt=0, allow_inf_nan=False, description="Added to the account's limit.")
    reason: Text = Field("", max_length=500, description="Kept in the audit trail.")
    days: int | None = Field(
        None,
        ge=1,
        le=LONGEST_DAYS,
        description="The grant ends after so many; else with the account's period.",
    )


class BudgetRequestBody(StrictBody):
    """A request for more budget, as `POST /v1/budget/requests` takes it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "dataset": "hospital",
                    "epsilon": 2,
                    "purpose": "readmission report of the third quarter",
                    "days": 30,
                }
            ]
        }
    )

    dataset: Text = Field(min_length=1, max_length=200)
    epsilon: float = Field(gt=0, allow_inf_nan=False, description="How much more is needed.")
    purpose: Text = Field(max_length=1000, description="What the answers are for.")
    days: int | None = Field(
        None,
        ge=1,
        le=LONGEST_DAYS,
        description="For how long; for the account's period where it is left out.",
    )


class ApprovalBody(StrictBody):
    """A request that is granted, wholly or in part."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "agreed by the board", "epsilon": 1.5}]}
    )

    reason: Text = Field(max_length=500, description="Seen by the analyst, kept in the trail.")
    epsilon: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="Instead of what was asked for."
    )
    days: int | None = Field(
        None, ge=1, le=LONGEST_DAYS, description="Instead of what was asked for."
    )


class RefusalBody(StrictBody):
    """A request that is turned down."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "the published tables answer this"}]}
    )

    reason: Text = Field(max_length=500, description="Seen by the analyst, kept in the trail.")


def exact(number: float | None) -> Fraction | None:
    """A JSON number as the decimal that its sender wrote: 0.1 is one tenth, not its binary twin."""
    return None if number is None else Fraction(repr(number))
