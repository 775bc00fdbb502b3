"""A month out of the ledger, and what all analysts together could have learned."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.budget.books import Books
from gateway.budget.cost import NOTHING, Cost
from gateway.budget.report import Asked, Loaded, Paid, capped, month_of, together
from gateway.errors import Code, Refusal
from gateway.policy.load import load
from gateway.policy.model import Policy
from tests.ledger.desk import EPSILON, START, Hands, allowance, ask, keep, price
from tests.project.tree import ROOT

UTC = dt.UTC
EVERYONE = allowance("everyone", epsilon="100")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(Path(ROOT / "policies" / "hospital.yaml"), {})


def test_a_month_has_what_happened_in_it_and_nothing_else(books: Books, clock: Hands) -> None:
    books.ledger.charge(ask("q1", price("a", 10, 3), everyone=EVERYONE))
    clock.time = dt.datetime(2024, 3, 1, tzinfo=UTC)
    books.ledger.charge(ask("q2", price("b", 5), everyone=EVERYONE))
    books.questions.record_refusal(
        query_id="q3", analyst="ann", dataset="hospital", sql="x", code=Code.SQL_SYNTAX
    )
    books.ledger.grant("hospital", "user:ann", Fraction(1, 3), by="root", reason="x", days=2)
    books.answers.data_changed("hospital", by="root")
    books.answers.data_changed("retail", by="root")
    clock.time = dt.datetime(2024, 4, 1, tzinfo=UTC)
    books.ledger.charge(ask("q4", price("c", 7), everyone=EVERYONE))

    march = books.reports.of("hospital", books.reports.month("2024-03"))
    own = Paid(
        holder="user:ann", guarantee="approximate", charges=1,
        month=Cost(amount=5, delta=0), ever=Cost(amount=22, delta=3),
    )  # fmt: skip
    assert own in march.paid
    assert [account.holder for account in march.paid] == ["everyone", "user:ann"]
    assert march.asked == (
        Asked(analyst="ann", outcome="charged", count=1),
        Asked(analyst="ann", outcome="sql_syntax", count=1),
    )
    assert [grant["epsilon"] for grant in march.grants] == ["1/3"]
    assert march.data_changes == (dt.datetime(2024, 3, 1, tzinfo=UTC),)
    february = books.reports.of("hospital", books.reports.month("2024-02"))
    assert (february.grants, february.data_changes) == ((), ())
    assert {account.month.amount for account in february.paid} == {10}


def test_refunds_are_taken_off(books: Books) -> None:
    books.ledger.charge(ask("q1", price("a", 10)))
    books.ledger.refund("q1")
    (paid,) = books.reports.of("hospital", books.reports.month("2024-02")).paid
    assert (paid.charges, paid.month, paid.ever) == (0, NOTHING, NOTHING)


def test_requests_decisions_and_alerts_of_the_month(books: Books) -> None:
    request = books.budget_requests.ask(
        dataset="hospital", analyst="ann", epsilon=Fraction(2), purpose="x", days=None
    )
    books.budget_requests.ask(
        dataset="retail", analyst="ann", epsilon=Fraction(2), purpose="x", days=None
    )
    books.budget_requests.refuse(request.id, by="root", reason="no")
    books.ledger.charge(ask("q1", price("a", EPSILON // 2)))
    books.alerts.fresh("hospital", allowance("user:ann"), 1)
    found = books.reports.of("hospital", books.reports.month("2024-02"))
    assert [row["id"] for row in found.requests] == [request.id]
    assert [row["decision"] for row in found.decisions] == ["refused"]
    assert [row["percent"] for row in found.alerts] == [50]


def test_everyone_measures_what_all_saw_where_it_held_every_draw(
    books: Books, policy: Policy
) -> None:
    """Two analysts see one release: each paid it, together they saw it once."""
    books.audit.policy_loaded(policy, "d" * 64)
    books.ledger.charge(ask("q1", price("a", 10), everyone=EVERYONE))
    keep(books, "a")
    books.ledger.charge(ask("q2", price("a", 10), name="bob", everyone=EVERYONE))
    found = books.reports.of("hospital", books.reports.month("2024-02"))
    assert capped(found.first_charge_at, found.loads)
    assert together(found.paid, True) == {
        "approximate": (Cost(amount=10, delta=0), Cost(amount=10, delta=0))
    }
    assert together(found.paid, False)["approximate"][0].amount == 20


def test_without_a_policy_on_record_the_sum_bounds_it(books: Books) -> None:
    books.ledger.charge(ask("q1", price("a", 10)))  # nobody was capped then
    found = books.reports.of("hospital", books.reports.month("2024-02"))
    assert not capped(found.first_charge_at, found.loads)
    assert together(found.paid, False)["approximate"][1].amount == 10


def loaded(days: int, everyone: bool) -> Loaded:
    at = START + dt.timedelta(days=days)
    return Loaded(at=at, digest="", guarantee="zcdp", everyone=everyone)


@pytest.mark.parametrize(
    ("first", "loads", "covered"),
    [
        (None, [], True),
        (0, [], False),
        (0, [loaded(0, True)], True),
        (0, [loaded(1, True)], False),
        (0, [loaded(-2, True), loaded(3, True)], True),
        (0, [loaded(-2, True), loaded(3, False)], False),
        (0, [loaded(-2, False), loaded(3, True)], False),
    ],
)
def test_the_cap_covers_only_what_it_was_there_for(
    first: int | None, loads: list[Loaded], covered: bool
) -> None:
    at = None if first is None else START + dt.timedelta(days=first)
    assert capped(at, loads) is covered


PRICES = st.lists(
    st.tuples(st.sampled_from(["ann", "bob", "cyd"]), st.sampled_from("abcd"), st.integers(1, 50)),
    max_size=12,
)


@given(asked=PRICES)
def test_the_sum_of_analysts_never_understates_the_draws(asked: list[tuple[str, str, int]]) -> None:
    """Each draw is paid by the first who sees it, so the sum over all is at least the draws."""
    drawn: dict[str, int] = {}
    paid: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for name, release, cost in asked:
        price_of = drawn.setdefault(release, cost)
        if (name, release) not in seen:
            seen.add((name, release))
            paid[name] = paid.get(name, 0) + price_of
    accounts = [
        Paid(
            holder=holder, guarantee="pure", charges=1,
            month=Cost(amount=amount, delta=0), ever=Cost(amount=amount, delta=0),
        )
        for holder, amount in (
            {f"user:{name}": amount for name, amount in paid.items()}
            | {"everyone": sum(drawn.values())}
        ).items()
    ]  # fmt: skip
    draws = sum(drawn.values())
    assert sum(sums[0].amount for sums in together(accounts, False).values()) >= draws
    assert sum(sums[0].amount for sums in together(accounts, True).values()) == draws


def test_costs_under_two_guarantees_stay_apart() -> None:
    paid = [
        Paid(
            holder="user:a", guarantee=kind, charges=1, month=NOTHING, ever=Cost(amount=n, delta=0)
        )
        for kind, n in (("pure", 1), ("zcdp", 2))
    ]
    assert {kind: sums[1].amount for kind, sums in together(paid, False).items()} == {
        "pure": 1, "zcdp": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "now", "start", "end"),
    [
        (None, "2024-03-01", "2024-02-01", "2024-03-01"),
        (None, "2024-01-31", "2023-12-01", "2024-01-01"),
        ("2024-02", "2024-02-01", "2024-02-01", "2024-03-01"),
        ("2023-12", "2024-02-10", "2023-12-01", "2024-01-01"),
    ],
)
def test_months_begin_and_end_with_the_calendar(
    text: str | None, now: str, start: str, end: str
) -> None:
    found = month_of(text, dt.datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert (found.start.date().isoformat(), found.end.date().isoformat()) == (start, end)
    assert found.name == start[:7]


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-13", "2024-00", "24-01", "2024-03", "9999-12", "٢٠٢٤-01"]
)
def test_other_months_are_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        month_of(text, START)
    assert caught.value.code is Code.INVALID_REQUEST
