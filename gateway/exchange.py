"""What goes into the line and what comes out of it, the same for every door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from gateway.budget.cost import Cost
from gateway.edges import Analyst
from gateway.pages import Row
from gateway.policy.model import Guarantee
from gateway.privacy.plan import OutputColumn, Plan
from gateway.sql.types import Scalar
from gateway.stop import Stop

if TYPE_CHECKING:
    from gateway.budget.receipts import SignedReceipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question as it comes through a door.

    `epsilon` and `max_error` exclude each other; both None means the policy's `per_query`.
    `max_error` is the half-width wanted at `confidence`. `key` is the idempotency key. `stop` is
    asked by the door where nobody waits for the answer any more.
    """

    query_id: str
    analyst: Analyst
    sql: str
    dataset: str | None = None
    parameters: tuple[Scalar, ...] = ()
    epsilon: Fraction | None = None
    max_error: Fraction | None = None
    confidence: float = 0.95
    key: str | None = None
    stop: Stop = field(default_factory=Stop, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """What is left in the analyst's account, as epsilon and delta; `rho` only under zcdp."""

    epsilon: float
    delta: float
    rho: float | None
    renews_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The privacy part of an answer.

    `epsilon`, `delta` and `rho` are what this answer took from the analyst's account: all zero
    where `reused` (every release had been paid for) or where only public tables were read.
    """

    unit: str
    epsilon: float
    delta: float
    rho: float | None
    reused: bool
    mechanism: str | None
    remaining: Remaining | None
    withheld_groups_possible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Columns and rows exactly as the SQL asked, the half-widths of noisy columns, the cost.

    `half_width` has one number, or None, per row for each noisy column, by column name.
    """

    query_id: str
    dataset: str
    columns: tuple[OutputColumn, ...]
    rows: Sequence[Row]
    confidence: float
    half_width: Mapping[str, tuple[float | None, ...]]
    privacy: Spent
    notes: tuple[str, ...] = ()
    receipt: SignedReceipt | None = None
    """None until the door that asked has recorded the answer in the audit trail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The plan of a question with its price for this analyst now; nothing was read or charged.

    `cost` is what the analyst would pay now under the policy's `guarantee`, `epsilon` the same as
    an epsilon for showing. `seen` are the fingerprints of releases that this analyst has paid for
    and that are still stored.
    """

    plan: Plan
    cost: Cost
    guarantee: Guarantee
    epsilon: float
    affordable: bool
    reused: bool
    show_sql: bool
    seen: frozenset[str] = frozenset()
