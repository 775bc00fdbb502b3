"""Every refusal the gateway can give, in one table.

A refusal is one code, one sentence of fact, one hint that would work, and a position where the
SQL is at fault. A sentence or hint never carries a value that came from a protected row: both are
built from the question, the policy and the schema alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class _Row:
    status: int
    sqlstate: str
    title: str


class Code(Enum):
    """The error codes of the interface; `docs/errors.md` documents each, and a test holds that."""

    INVALID_REQUEST = _Row(400, "22023", "The request is not valid")
    UNAUTHENTICATED = _Row(401, "28000", "No valid key was given")
    FORBIDDEN = _Row(403, "42501", "Not allowed")
    NOT_FOUND = _Row(404, "3D000", "Not found")
    SQL_SYNTAX = _Row(422, "42601", "The SQL cannot be parsed")
    UNKNOWN_COLUMN = _Row(422, "42703", "No such column or table")
    UNSUPPORTED_SQL = _Row(422, "0A000", "This SQL is not supported")
    NOT_PRIVATE = _Row(422, "42501", "The query would reveal rows of individuals")
    MISSING_BOUNDS = _Row(422, "22003", "A bound is missing")
    BUDGET_EXHAUSTED = _Row(403, "53400", "The privacy budget is used up")
    TOO_MANY_REQUESTS = _Row(429, "53300", "Too many requests")
    CANCELLED = _Row(499, "57014", "The question was cancelled")
    ENGINE_UNAVAILABLE = _Row(503, "08006", "The database did not answer")
    CLOCK_JUMPED = _Row(503, "58000", "The ledger's clock cannot be believed")
    INTERNAL = _Row(500, "XX000", "Internal error")

    @property
    def slug(self) -> str:
        """The code as it stands in answers, for example `unknown_column`."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where in the SQL text the fault lies; line and column count from 1."""

    line: int
    column: int
    fragment: str


class Refusal(Exception):
    """A question or request that is not carried out, with what to do instead."""

    def __init__(
        self,
        code: Code,
        sentence: str,
        hint: str,
        position: Position | None = None,
        **facts: str | int | float | None,
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.hint = hint
        self.position = position
        self.facts = facts
        """Further members of the problem document, such as `needed` and `left` of a budget."""


class NothingRead(Refusal):
    """An engine's failure before its statement began, so that it cannot depend on a row: a charge
    made for it is given back. An engine that may have read a row raises `Refusal` instead."""


def cancelled() -> Refusal:
    """What a question ends with whose asker has gone or asked for its end."""
    return Refusal(
        Code.CANCELLED,
        "The question was cancelled.",
        "Ask again; whether it was charged already is in your history.",
    )
