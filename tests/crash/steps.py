"""Every step between a request and its reply, and dying at one of them as by kill -9."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable
from typing import Any

from gateway import answer
from gateway.budget import accounts, audit, paying, questions
from gateway.budget.answers import Answers
from gateway.budget.idempotency import Idempotency
from gateway.budget.ledger import BudgetLedger
from gateway.budget.questions import Questions
from gateway.budget.store import Store
from gateway.engines.duckdb import DuckDBEngine

PLACES: tuple[tuple[object, str], ...] = (
    (Idempotency, "begin"),
    (BudgetLedger, "charge"),
    (paying, "debit"),
    (audit, "append_all"),
    (questions, "charged"),
    (Store, "_commit"),
    (DuckDBEngine, "run"),
    (answer, "release"),
    (Answers, "keep"),
    (answer, "present"),
    (Questions, "record_answer"),
    (Idempotency, "finish"),
)
"""Functions that a question passes, in order; it can die before and after each."""

STEPS = tuple(
    f"{when} {getattr(owner, '__name__', '')}.{name}"
    for owner, name in PLACES
    for when in ("before", "after")
)

assert accounts.debit is paying.debit, "the place to watch is where it is called"


def arm(step: str, occurrence: int) -> None:
    """Let this process kill itself when it comes to a step for the `occurrence`-th time."""
    counted = itertools.count(1)

    def reached(here: str) -> None:
        if here == step and next(counted) == occurrence:
            os.kill(os.getpid(), signal.SIGKILL)

    for owner, name in PLACES:
        label = f"{getattr(owner, '__name__', '')}.{name}"
        setattr(owner, name, _watched(getattr(owner, name), label, reached))


def _watched(
    function: Callable[..., Any], label: str, reached: Callable[[str], None]
) -> Callable[..., Any]:
    def watched(*given: Any, **named: Any) -> Any:
        reached(f"before {label}")
        result = function(*given, **named)
        reached(f"after {label}")
        return result

    return watched
