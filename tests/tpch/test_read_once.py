"""A statement that reads the rows once gives the integers of one that reads them as often as it
likes: both forms are run by one engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from gateway.recall import Recall
from gateway.rewrite import emit
from gateway.rewrite.dialects import DIALECTS
from gateway.start import Gateway
from tests.tpch.asking import ASKED, request
from tests.tpch.on_spark import Exact, exact

ONCE = {**DIALECTS, "duckdb": replace(DIALECTS["duckdb"], shares=False, keeps=False)}
MANY = (1, 4, 5, 15, 17, 21)
"""Rows of many sums, of several tables, of groups that are public and of such that are not."""


def asked(number: int, gateway: Gateway) -> Mapping[str, Exact]:
    """As it is planned now, whatever was planned before."""
    new = replace(gateway, edges=replace(gateway.edges, recall=Recall()))
    return exact(request(ASKED[number]), new)


@pytest.mark.parametrize("number", MANY)
@pytest.mark.parametrize("variant", ["tight", "pure"])
def test_rows_that_are_read_once_weigh_the_same(
    number: int, variant: str, variants: Mapping[str, Gateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under bounds that nearly everybody exceeds, in both norms."""
    known = asked(number, variants[variant])
    monkeypatch.setattr(emit, "DIALECTS", ONCE)
    once = asked(number, variants[variant])
    assert once.keys() == known.keys()
    assert once
    for name, one in once.items():
        assert one.statement.sql.count("FROM rows") == 1
        assert one.rows == known[name].rows
