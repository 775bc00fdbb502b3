"""The monthly report over HTTP: for administrators, in three formats, safe to open."""

from __future__ import annotations

import csv
import datetime as dt
import html.parser
import io
import uuid

import httpx
import pytest

from gateway.server.report.as_csv import HEADINGS, as_csv, plain
from gateway.server.report.as_html import as_html
from tests.http.test_questions import ask, problem

MONTH = f"{dt.datetime.now(dt.UTC):%Y-%m}"
EVIL = '=HYPERLINK("http://x")<script>alert(1)</script>&amp;'


@pytest.fixture
def document(ana: httpx.Client, root: httpx.Client) -> dict[str, object]:
    """The report of this month, in which ana asked and root granted."""
    ask(ana, f"CHARGE {uuid.uuid4().hex[:4]}", epsilon=0.001)
    ask(ana, "REFUSED")
    grant = {"dataset": "hospital", "epsilon": 0.5, "reason": EVIL}
    assert root.post("/v1/admin/budgets/ana/grants", json=grant).status_code == 201
    reply = root.get("/v1/admin/report", params={"month": MONTH})
    assert reply.status_code == 200
    found: dict[str, object] = reply.json()
    return found


def hospital(document: dict[str, object]) -> dict[str, object]:
    (found,) = [one for one in document["datasets"] if one["dataset"] == "hospital"]  # type: ignore[attr-defined]
    return found  # type: ignore[no-any-return]


def test_the_report_says_who_asked_paid_and_granted(document: dict[str, object]) -> None:
    dataset = hospital(document)
    assert document["month"] == MONTH
    assert document["trail"]["intact"] is True  # type: ignore[index]
    asked = {(row["analyst"], row["outcome"]) for row in dataset["questions"]}  # type: ignore[attr-defined]
    assert ("ana", "answered") in asked
    paid = {row["account"]: row["month"]["epsilon"] for row in dataset["paid"]}  # type: ignore[attr-defined]
    assert paid["user:ana"] >= 0.001
    assert paid["everyone"] >= paid["user:ana"] > 0
    assert any(row["reason"] == EVIL and row["by"] == "root" for row in dataset["grants"])  # type: ignore[attr-defined]
    assert dataset["together"]["measured_by"] == "sum_of_analysts"  # type: ignore[index]
    assert {row["account"] for row in dataset["accounts"]} >= {"everyone", "user:ana"}  # type: ignore[attr-defined]


def test_the_report_is_for_administrators(ana: httpx.Client, anonymous: httpx.Client) -> None:
    problem(ana.get("/v1/admin/report"), 403, "forbidden")
    problem(anonymous.get("/v1/admin/report"), 401, "unauthenticated")


@pytest.mark.parametrize("month", ["", "2024", "2999-01", "x" * 50])
def test_months_that_are_none_are_refused(root: httpx.Client, month: str) -> None:
    problem(root.get("/v1/admin/report", params={"month": month}), 400, "invalid_request")


def test_the_last_month_is_the_default(root: httpx.Client) -> None:
    before = dt.datetime.now(dt.UTC).replace(day=1) - dt.timedelta(days=1)
    assert root.get("/v1/admin/report").json()["month"] == f"{before:%Y-%m}"


@pytest.mark.parametrize(
    ("accept", "parameters", "kind"),
    [
        ("text/csv", {}, "text/csv"),
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", {}, "text/html"),
        ("application/json", {}, "application/json"),
        ("image/png", {}, "application/json"),
        ("text/csv", {"format": "html"}, "text/html"),
    ],
)
def test_the_format_is_the_one_asked_for(
    root: httpx.Client, accept: str, parameters: dict[str, str], kind: str
) -> None:
    reply = root.get(
        "/v1/admin/report", params={"month": MONTH, **parameters}, headers={"Accept": accept}
    )
    assert reply.headers["Content-Type"].split(";")[0] == kind
    if kind == "text/html":
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
    if kind == "text/csv":
        assert f"noisegate-{MONTH}.csv" in reply.headers["Content-Disposition"]


def test_every_line_of_the_csv_has_every_column(document: dict[str, object]) -> None:
    heading, *lines = csv.reader(io.StringIO(as_csv(document)))
    assert tuple(heading) == HEADINGS
    assert {len(line) for line in lines} == {len(HEADINGS)}
    assert {line[0] for line in lines} == {MONTH}
    sections = {line[2] for line in lines}
    assert {"account", "paid", "questions", "grant", "together", "trail", "guarantee"} <= sections
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "@"))]
    assert any(line[-1] == "'" + EVIL for line in lines)


@pytest.mark.parametrize(
    ("value", "cell"),
    [("=1", "'=1"), ("-2", "'-2"), ("@x", "'@x"), ("\tx", "'\tx"), (-2.5, -2.5), (True, "yes"),
     (None, ""), ("a=1", "a=1")],
)  # fmt: skip
def test_a_text_never_begins_as_a_formula(value: object, cell: object) -> None:
    assert plain(value) == cell


class Page(html.parser.HTMLParser):
    """Which elements a page has, whether each is closed, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_whole_and_runs_nothing(document: dict[str, object]) -> None:
    page = Page()
    page.feed(as_html(document))
    page.close()
    assert page.open == []
    assert "script" not in page.elements
    assert EVIL in page.text
    for words in ("The audit trail is intact", "user:ana", "What all analysts together"):
        assert words in page.text


def test_a_broken_trail_stands_out(document: dict[str, object]) -> None:
    document["trail"] |= {"intact": False, "faults": ["Record 3 is missing."]}  # type: ignore[operator]
    page = as_html(document)
    assert "has 1 faults" in page
    assert "Record 3 is missing." in page
    assert "Record 3 is missing." in as_csv(document)
