"""A statement that reads the rows once gives the integers of one that reads them as often as it
likes: both forms are run by one engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from gateway.privacy.plan import Statement
from gateway.recall import Recall
from gateway.rewrite import emit
from gateway.rewrite.dialects import DIALECTS
from gateway.start import Gateway
from tests.tpch.test_kept import ran, result

ONCE = {**DIALECTS, "duckdb": replace(DIALECTS["duckdb"], shares=False, keeps=False)}

MANY = (1, 4, 5, 15, 17, 21)
"""Rows of many sums, of several tables, of groups that are public and of such that are not."""


def statements(number: int, gateway: Gateway) -> list[Statement]:
    """As they are planned now, whatever was planned before."""
    return ran(number, replace(gateway, edges=replace(gateway.edges, recall=Recall())))


@pytest.mark.parametrize("number", MANY)
@pytest.mark.parametrize("variant", ["tight", "pure"])
def test_rows_that_are_read_once_weigh_the_same(
    number: int, variant: str, variants: Mapping[str, Gateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under bounds that nearly everybody exceeds, in both norms."""
    gateway = variants[variant]
    known = statements(number, gateway)
    monkeypatch.setattr(emit, "DIALECTS", ONCE)
    once = statements(number, gateway)
    assert len(once) == len(known)
    for one, other in zip(once, known, strict=True):
        assert one.sql.count("FROM rows") == 1
        assert result(gateway, one) == result(gateway, other)
