"""Answers as JSON, CSV and Arrow carry the same values; explanations carry the whole plan."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest

from gateway.budget import receipts
from gateway.exchange import Answer
from gateway.pages import PAGE_ROWS, Pages, Row
from gateway.policy.model import Guarantee
from gateway.privacy.plan import OutputColumn
from gateway.server import render
from gateway.server.cells import cell, number_up
from tests.http.exchanges import ANSWER, EXPLANATION, ROWS


def test_json_has_the_members_of_the_interface_and_every_digit() -> None:
    document = json.loads("".join(render.answer_json(ANSWER)), parse_float=Decimal)
    assert document["query_id"] == "a1b2"
    assert document["columns"][1] == {"name": "n", "type": "bigint", "noisy": True}
    assert document["rows"][0] == [
        '[0-10), "young"',
        2**53 + 1,
        Decimal("1.5"),
        Decimal("12.340"),
        "2010-12-01",
        "2010-12-01T08:26:00",
        "2010-12-01T08:26:00+00:00",
        True,
    ]
    assert document["rows"][1] == [None] * 8
    assert document["rows"][2][:4] == ["", -3, None, Decimal(-1000)]
    assert document["accuracy"]["n"]["half_width"] == [Decimal("12.0"), None, Decimal("12.5")]
    assert document["privacy"]["remaining"]["epsilon"] == Decimal("4.75")
    assert document["notes"] == ["clamped to bounds"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (10**40, "1" + "0" * 40),
        (Decimal("NaN"), "null"),
        (Decimal("0.10"), "0.10"),
        (float("-inf"), "null"),
        ("é\n", '"é\\n"'),
        (dt.datetime(2020, 1, 2, 3, 4, 5, 600), '"2020-01-02T03:04:05.000600"'),
    ],
)
def test_cells(value: object, text: str) -> None:
    assert cell(value) == text  # type: ignore[arg-type]


def test_csv_is_rfc_4180_and_tells_null_from_empty_text() -> None:
    text = "".join(render.answer_csv(ANSWER))
    lines = text.split("\r\n")
    assert lines[0] == "age,n,mean,total,day,at,seen,old"
    assert lines[1].startswith('"[0-10), ""young""",9007199254740993,1.5,12.340,2010-12-01,')
    assert lines[2] == ",,,,,,,"
    assert lines[3] == '"",-3,,-1000,0001-01-01,,,false'
    assert lines[4] == ""
    assert list(csv.reader(io.StringIO(text, newline="")))[1][0] == '[0-10), "young"'


def test_csv_keeps_the_row_of_a_lone_null() -> None:
    lone = replace(
        ANSWER,
        columns=(OutputColumn(name="x", type="text", noisy=False),),
        rows=((None,), ("a",)),
        half_width={},
    )
    assert list(csv.reader(io.StringIO("".join(render.answer_csv(lone))))) == [["x"], [""], ["a"]]


def read(answer: Answer) -> pa.Table:
    document = render.answer_document(answer, render.ARROW)
    return pa.ipc.open_stream(b"".join(document.pieces)).read_all()


def test_arrow_types_values_and_metadata() -> None:
    table = read(ANSWER)
    kinds = [str(field.type) for field in table.schema]
    assert kinds[0:3] == ["string", "int64", "double"]
    assert kinds[3].startswith("decimal128")
    assert kinds[4:] == ["date32[day]", "timestamp[us]", "timestamp[us, tz=UTC]", "bool"]
    assert table.column("n").to_pylist() == [2**53 + 1, None, -3]
    assert table.column("total").to_pylist() == [Decimal("12.340"), None, Decimal("-1000.000")]
    assert json.loads(table.schema.metadata[b"noisegate.privacy"])["epsilon"] == 0.25
    assert json.loads(table.schema.metadata[b"noisegate.accuracy"])["n"]["half_width"][0] == 12.0
    assert table.schema.field("n").metadata[b"noisegate.noisy"] == b"true"


@pytest.mark.parametrize("rows", [(), ((10**30,), (None,)), ((None,),)])
def test_arrow_of_no_rows_and_of_integers_beyond_64_bits(
    rows: tuple[tuple[int | None], ...],
) -> None:
    column = (OutputColumn(name="n", type="bigint", noisy=True),)
    table = read(replace(ANSWER, columns=column, rows=rows, half_width={}))
    assert [int(v) if v is not None else None for v in table.column("n").to_pylist()] == [
        row[0] for row in rows
    ]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, render.JSON),
        ("*/*", render.JSON),
        ("text/html", render.JSON),
        ("text/csv", render.CSV),
        ("application/json;q=0.5, text/csv;q=0.9", render.CSV),
        ("text/csv;q=0.2, application/json", render.JSON),
        ("text/csv;q=0", render.JSON),
        ("text/csv;q=nan", render.JSON),
        ("Application/VND.apache.arrow.stream", render.ARROW),
    ],
)
def test_accept(accept: str | None, media_type: str) -> None:
    assert render.wanted(accept) == media_type


def test_headers_stay_short_and_ascii_for_answers_of_any_length() -> None:
    many = replace(
        ANSWER,
        columns=(OutputColumn(name="größe\r\n", type="bigint", noisy=True),),
        rows=tuple((n,) for n in range(5000)),
        half_width={"größe\r\n": tuple(float(n) for n in range(5000))},
    )
    headers = render.answer_headers(many)
    assert all(text.isascii() and text.isprintable() for text in headers.values())
    assert len(headers["Noisegate-Accuracy"]) < 4096
    assert json.loads(headers["Noisegate-Accuracy"])["größe\r\n"]["largest_half_width"] == 4999.0
    assert json.loads(render.answer_headers(ANSWER)["Noisegate-Accuracy"])["n"]["half_width"]


def test_explanation_has_the_members_of_the_interface() -> None:
    document = render.explanation_document(EXPLANATION, shows_sql=True)
    assert document["accepted"] is True
    assert document["cost"] == {"epsilon": 0.25, "delta": 5e-8, "rho": 0.001}
    (release,) = document["releases"]  # type: ignore[misc]
    assert release["sql"].startswith('SELECT "k0"')
    assert (release["keys"], release["key_domain"]) == (["k0"], "private")
    assert release["threshold"]["column"] == "m0"
    assert release["threshold"]["value"] == 321
    assert release["measures"][0] == {
        "column": "m0",
        "for": "COUNT(*)",
        "norm": "L2",
        "sensitivity": 20,
        "mechanism": "discrete_gaussian",
        "scale": 80.5,
        "unit_of_scale": 1,
    }
    assert isinstance(release["measures"][0]["sensitivity"], int)
    assert Fraction(release["measures"][1]["sensitivity"]) >= Fraction(1, 3)


def test_hidden_sql_leaves_the_rest_and_pure_has_no_rho() -> None:
    pure = replace(EXPLANATION, guarantee=Guarantee.PURE)
    document = render.explanation_document(pure, shows_sql=False)
    assert "secret_table" not in json.dumps(document)
    assert document["cost"]["rho"] is None  # type: ignore[index]


def test_bounds_never_shrink_on_their_way_into_a_float() -> None:
    for value in (Fraction(1, 3), Fraction(2, 3), Fraction(10**30 + 1, 7)):
        assert Fraction(number_up(value)) >= value


def long(rows: Sequence[Row]) -> Answer:
    """The answer with so many rows, and widths."""
    return replace(ANSWER, rows=rows, half_width={"n": (1.0,) * len(rows)})


MANY = [ROWS[n % 3] for n in range(6 * PAGE_ROWS + 5)]


@pytest.mark.parametrize("media_type", [render.JSON, render.CSV, render.ARROW])
def test_an_answer_in_pages_is_written_as_it_would_be_at_once(media_type: str) -> None:
    at_once = render.answer_document(long(tuple(MANY)), media_type)
    in_pages = render.answer_document(long(Pages([MANY])), media_type)
    assert in_pages.headers == at_once.headers
    pieces = list(in_pages.pieces)
    assert max(map(len, pieces)) < sum(map(len, pieces)) / 2
    assert b"".join(pieces) == b"".join(at_once.pieces)


def test_the_digest_of_an_answer_in_pages_is_that_of_its_whole_json() -> None:
    for answer in (ANSWER, long(()), long(MANY[:1]), long(Pages([MANY]))):
        text = "".join(render.answer_json(answer))
        assert render.digest(answer) == receipts.answer_digest(text)


def test_arrow_finds_the_type_that_holds_every_page() -> None:
    """The last page alone tells what the column needs."""
    for kind, first, last in (
        ("bigint", 1, 10**30),
        ("numeric", Decimal("1.25"), Decimal(10**20)),
        ("numeric", 7, 0.5),
        ("numeric", None, Decimal("0.001")),
    ):
        rows = [(first,)] * PAGE_ROWS + [(last,), (None,)]
        columns = (OutputColumn(name="x", type=kind, noisy=True),)
        table = read(replace(ANSWER, columns=columns, rows=Pages([rows]), half_width={}))
        found = table.column("x").to_pylist()
        assert found[0] == first
        assert found[-2:] == [last, None]
