"""noise_low and noise_high are the number minus and plus the half-width that the answer gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from gateway.answer import answer
from gateway.exchange import Answer
from gateway.sql.types import Scalar
from gateway.start import Gateway
from tests.corpus.asking import request
from tests.corpus.policies import gateway, shipped, write_policy
from tests.corpus.reading import Entry


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("ends")
    document = shipped("hospital")
    document["budgets"] = [{"for": "role:analyst", "epsilon": 1000}]
    write_policy(document, folder)
    with gateway(folder) as made:
        yield made


def asked(started: Gateway, sql: str, confidence: float = 0.95, **more: Fraction) -> Answer:
    entry = Entry(construct="ends", title="ends", dataset="hospital", sql=sql)
    return answer(
        replace(request(entry), confidence=confidence, **more), started.catalog, started.edges
    )


def number(value: Scalar) -> float:
    assert isinstance(value, (int, float))
    return float(value)


def columns(found: Answer) -> dict[str, list[float]]:
    """The columns of numbers, by name."""
    names = [column.name for column in found.columns]
    return {n: [number(r[i]) for r in found.rows] for i, n in enumerate(names) if n != "key"}


@pytest.mark.parametrize("value", ["COUNT(*)", "SUM(num_medications)", "AVG(num_medications)"])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_the_ends_lie_a_half_width_away(started: Gateway, value: str, confidence: float) -> None:
    sql = (
        f"SELECT insulin AS key, {value} AS x, noise_low(x) AS low, noise_high(x) AS high "
        "FROM encounters GROUP BY insulin"
    )
    found = asked(started, sql, confidence)
    shown, widths = columns(found), found.half_width["x"]
    assert len(widths) == 4
    for x, low, high, width in zip(shown["x"], shown["low"], shown["high"], widths, strict=True):
        assert width
        assert low == pytest.approx(x - width)
        assert high == pytest.approx(x + width)


def test_an_end_has_the_type_of_a_released_number(started: Gateway) -> None:
    found = asked(started, "SELECT COUNT(*) AS n, noise_low(n) AS low FROM encounters")
    assert [(column.type, column.noisy) for column in found.columns] == [("bigint", True)] * 2


def test_the_interval_follows_the_price_that_an_error_needs(started: Gateway) -> None:
    sql = "SELECT COUNT(*) AS n, noise_low(n) AS low FROM encounters"
    found = asked(started, sql, max_error=Fraction(100))
    ((n, low),) = found.rows
    (width,) = found.half_width["n"]
    assert width is not None
    assert 95 <= width <= 100
    assert number(n) - number(low) == width


def test_without_noise_both_ends_are_the_number(started: Gateway) -> None:
    sql = "SELECT COUNT(*) AS n, noise_low(n) AS low, noise_high(n) AS high FROM admission_types"
    assert asked(started, sql).rows == ((8, 8, 8),)


def test_the_ends_of_one_question_cost_nothing(started: Gateway) -> None:
    plain = "SELECT age, AVG(num_procedures) AS x FROM encounters GROUP BY age"
    asked(started, plain)
    again = asked(started, plain.replace(" FROM", ", noise_low(x) AS low FROM"))
    assert again.privacy.reused


def test_rows_come_in_the_order_of_an_end(started: Gateway) -> None:
    sql = (
        "SELECT AVG(num_medications) AS x, noise_high(x) AS high FROM encounters "
        "GROUP BY age ORDER BY noise_high(x) DESC LIMIT 4"
    )
    high = columns(asked(started, sql))["high"]
    assert len(high) == 4
    assert all(a >= b for a, b in pairwise(high))


@pytest.mark.parametrize("condition", ["num_procedures > 0", "num_procedures > 100"])
def test_more_rows_than_noise_explains(started: Gateway, condition: str) -> None:
    """BOOL_OR and BOOL_AND are read off the very counts beside them, and their half-widths."""
    sql = (
        f"SELECT insulin AS key, BOOL_OR({condition}) AS some, BOOL_AND({condition}) AS all_are, "
        f"COUNT(*) FILTER (WHERE {condition}) AS yes, "
        f"COUNT(*) FILTER (WHERE NOT {condition}) AS no FROM encounters GROUP BY insulin"
    )
    found = asked(started, sql)
    widths = zip(found.half_width["yes"], found.half_width["no"], strict=True)
    for (_, some, all_are, yes, no), (of_yes, of_no) in zip(found.rows, widths, strict=True):
        assert of_yes is not None
        assert of_no is not None
        assert some is (number(yes) > of_yes)
        assert all_are is (number(no) <= of_no)
    if condition == "num_procedures > 0":  # over 5,000 stays of each kind, and noise of some 800
        assert [row[1:3] for row in found.rows] == [(True, False)] * 4
