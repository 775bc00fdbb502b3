"""An answer that is put on the disk comes whole through every door, in pieces, with its receipt."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pyarrow as pa
import pytest

from gateway.budget import receipts
from gateway.pages import MOST_ROWS_HELD
from gateway.server import render
from tests.wire.served import Served

ROWS = 20_000
SQL = "SELECT n, label FROM numbers ORDER BY n"
MANY = "SELECT a.n, b.n AS m, a.label FROM numbers a, numbers b WHERE b.n < {times}"


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    assert ROWS > MOST_ROWS_HELD
    with served.running.client(served.keys["ana"]) as client:
        yield client


@pytest.fixture(scope="module")
def expected(served: Served) -> list[tuple[int, str]]:
    with psycopg.connect(served.url(), autocommit=True) as connection:
        found = connection.execute(SQL.encode()).fetchall()
    assert len(found) == ROWS
    return found


def pieces(client: httpx.Client, media_type: str, sql: str = SQL) -> tuple[bytes, httpx.Response]:
    asked = {"sql": sql}
    with client.stream("POST", "/v1/query", json=asked, headers={"Accept": media_type}) as response:
        assert response.status_code == 200
        return b"".join(response.iter_raw()), response


def test_json(client: httpx.Client, expected: list[tuple[int, str]]) -> None:
    body, response = pieces(client, render.JSON)
    assert response.headers["transfer-encoding"] == "chunked"
    document = json.loads(body)
    assert [tuple(row) for row in document["rows"]] == expected
    receipt = receipts.of_document(document)
    assert receipt.answer_sha256 == receipts.answer_digest(body.decode())


def test_csv(client: httpx.Client, expected: list[tuple[int, str]]) -> None:
    body, response = pieces(client, render.CSV)
    head, *rows = csv.reader(body.decode().splitlines())
    assert head == ["n", "label"]
    assert [(int(n), label) for n, label in rows] == expected
    assert json.loads(response.headers["noisegate-receipt"])


def test_arrow(client: httpx.Client, expected: list[tuple[int, str]]) -> None:
    body, _ = pieces(client, render.ARROW)
    table = pa.ipc.open_stream(body).read_all()
    assert table.num_rows == ROWS
    assert list(zip(*(column.to_pylist() for column in table.columns), strict=True)) == expected


def test_copy_and_cursor(served: Served, expected: list[tuple[int, str]]) -> None:
    with psycopg.connect(served.url()) as connection:
        with connection.cursor() as cursor, cursor.copy(f"COPY ({SQL}) TO STDOUT".encode()) as copy:
            copy.set_types(["int8", "text"])
            assert list(copy.rows()) == expected
        with connection.cursor(name="part") as cursor:
            cursor.execute(SQL.encode())
            assert cursor.fetchmany(5) == expected[:5]
            cursor.scroll(ROWS - 3, mode="absolute")
            assert cursor.fetchall() == expected[-3:]


def test_under_a_key_it_is_given_again_and_a_longer_one_is_refused(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "large"}
    once, again = (
        client.post("/v1/query", json={"sql": SQL}, headers=headers).raise_for_status()
        for _ in range(2)
    )
    assert again.headers["idempotent-replayed"] == "true"
    assert once.text == again.text
    longer = MANY.format(times=11)
    refused = client.post("/v1/query", json={"sql": longer}, headers={"Idempotency-Key": "longer"})
    assert (refused.status_code, refused.json()["code"]) == (422, "unsupported_sql")
    assert "LIMIT" in refused.json()["hint"]


def peak(process: int) -> float:
    """Megabytes that a process held at most since this was last asked (`man 5 proc`)."""
    status = Path(f"/proc/{process}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    Path(f"/proc/{process}/clear_refs").write_text("5")
    return int(line.split()[1]) / 1024


def test_memory_does_not_grow_with_the_answer(served: Served, client: httpx.Client) -> None:
    """Ten times the rows: as Python's values they would take 70 MB more, as text 9 MB."""
    process = served.running.process.pid
    few, _ = pieces(client, render.CSV, MANY.format(times=2))
    before = peak(process)
    many, _ = pieces(client, render.CSV, MANY.format(times=20))
    assert len(many) > 9 * len(few)
    assert peak(process) < before + 30
