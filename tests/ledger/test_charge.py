"""What a charge debits: own and everyone, all or nothing, never beyond the limit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gateway.budget.books import Books
from gateway.budget.cost import NOTHING, Cost
from gateway.errors import Code, Refusal
from gateway.policy.model import Guarantee
from tests.ledger.desk import EPSILON, allowance, ask, price, spent

OWN = allowance("user:ann")
EVERYONE = allowance("everyone", epsilon="1.5")


def test_a_charge_debits_both_accounts(books: Books) -> None:
    receipt = books.ledger.charge(ask("q1", price("a", 7, 3), price("b", 5), everyone=EVERYONE))
    assert receipt.charged == Cost(amount=12, delta=3)
    assert receipt.balance.spent == Cost(amount=12, delta=3)
    assert receipt.balance.limit == Cost(amount=EPSILON, delta=10**15)
    assert books.ledger.balance("hospital", EVERYONE).spent == Cost(amount=12, delta=3)


def test_equal_releases_of_one_query_are_paid_once(books: Books) -> None:
    assert books.ledger.charge(ask("q1", price("a", 7), price("a", 7))).charged.amount == 7


def test_a_query_without_releases_is_free(books: Books) -> None:
    assert books.ledger.charge(ask("q1")).charged == NOTHING
    assert books.questions.history("ann") == ()


def test_the_last_unit_can_be_spent_and_not_one_more(books: Books) -> None:
    books.ledger.charge(ask("q1", price("a", EPSILON - 1)))
    with pytest.raises(Refusal) as refused:
        books.ledger.charge(ask("q2", price("b", 2)))
    assert refused.value.code is Code.BUDGET_EXHAUSTED
    books.ledger.charge(ask("q3", price("c", 1)))
    assert spent(books, OWN) == EPSILON


def test_delta_runs_out_by_itself(books: Books) -> None:
    books.ledger.charge(ask("q1", price("a", 1, 10**15)))
    with pytest.raises(Refusal) as refused:
        books.ledger.charge(ask("q2", price("b", 1, 1)))
    assert "has delta 0 left" in refused.value.sentence
    assert refused.value.facts["left_delta"] == 0
    books.ledger.charge(ask("q3", price("c", 1)))


def test_everyones_refusal_rolls_the_own_debit_back_and_is_named(books: Books) -> None:
    books.ledger.charge(ask("q1", price("a", EPSILON), name="bob", everyone=EVERYONE))
    with pytest.raises(Refusal) as refused:
        books.ledger.charge(ask("q2", price("b", EPSILON), everyone=EVERYONE))
    assert refused.value.facts["account"] == "everyone"
    assert refused.value.sentence.startswith("The budget of all analysts together for hospital")
    assert refused.value.facts["needed"] == 1.0
    assert refused.value.facts["left"] == 0.5
    assert spent(books, OWN) == 0
    assert spent(books, EVERYONE) == EPSILON


def test_several_releases_are_all_or_nothing(books: Books) -> None:
    with pytest.raises(Refusal):
        books.ledger.charge(ask("q1", price("a", 1), price("b", EPSILON)))
    assert spent(books, OWN) == 0
    assert [past.outcome for past in books.questions.history("ann")] == ["budget_exhausted"]


def test_what_is_shown_never_makes_the_left_look_like_enough(books: Books) -> None:
    books.ledger.charge(ask("q1", price("a", 750_000_000_001)))
    with pytest.raises(Refusal) as refused:
        books.ledger.charge(ask("q2", price("b", 250_000_000_000)))
    assert refused.value.sentence == (
        "Your budget for hospital has epsilon 0.2499 left; this query needs 0.25."
    )
    assert refused.value.facts["renews_at"] is None


def test_a_release_that_costs_nothing_is_refused(books: Books) -> None:
    with pytest.raises(Refusal) as refused:
        books.ledger.charge(ask("q1", price("a", 0, 5)))
    assert refused.value.code is Code.INVALID_REQUEST


def test_amounts_beyond_64_bits_are_refused_not_wrapped(books: Books) -> None:
    own = allowance("user:ann", epsilon="1" + "0" * 30)
    books.ledger.charge(ask("q1", price("a", 2**63 - 2), own=own))
    for amount in (2, 2**63 - 1, 2**64, 10**40):
        with pytest.raises(Refusal) as refused:
            books.ledger.charge(ask(f"q{amount}", price(f"{amount}", amount), own=own))
        assert refused.value.code is Code.BUDGET_EXHAUSTED
    books.ledger.charge(ask("last", price("b", 1), own=own))
    assert spent(books, own) == 2**63 - 1


def test_grants_add_to_the_limit_of_their_account_only(books: Books) -> None:
    books.ledger.grant("hospital", "user:ann", Fraction(1, 3), by="root", reason="a study")
    books.ledger.grant("hospital", "user:bob", Fraction(9), by="root", reason="a study")
    books.ledger.grant("retail", "user:ann", Fraction(9), by="root", reason="a study")
    limit = books.ledger.balance("hospital", OWN).limit
    assert limit.amount == 1_333_333_333_333
    books.ledger.charge(ask("q1", price("a", limit.amount)))
    (state,) = books.ledger.balances("hospital")
    assert (state.holder, state.granted) == ("user:ann", Fraction(1, 3))
    assert state.spent == Cost(amount=limit.amount, delta=0)
    assert state.guarantee is Guarantee.APPROXIMATE


@pytest.mark.parametrize(
    ("holder", "epsilon", "reason"),
    [
        ("user:ann", "0", "x"),
        ("user:ann", "-1", "x"),
        ("user:ann", "1000001", "x"),
        ("role:analyst", "1", "x"),
        ("user:", "1", "x"),
        ("user:ann", "1", "  "),
    ],
)
def test_bad_grants_are_refused(books: Books, holder: str, epsilon: str, reason: str) -> None:
    before = books.audit.head()
    with pytest.raises(Refusal) as refused:
        books.ledger.grant("hospital", holder, Fraction(epsilon), by="root", reason=reason)
    assert refused.value.code is Code.INVALID_REQUEST
    assert books.audit.head() == before


def test_an_account_of_another_guarantee_is_not_mixed(books: Books) -> None:
    books.ledger.charge(ask("q1", price("a", 1)))
    own = allowance("user:ann", guarantee=Guarantee.ZCDP)
    with pytest.raises(Refusal) as refused:
        books.ledger.charge(ask("q2", price("b", 1), own=own))
    assert refused.value.code is Code.FORBIDDEN
    assert "approximate" in refused.value.hint


def test_callers_cannot_charge_somebody_else(books: Books) -> None:
    with pytest.raises(ValueError, match="of their own"):
        books.ledger.charge(ask("q1", price("a", 1), own=allowance("user:bob")))
    with pytest.raises(ValueError, match="everyone"):
        books.ledger.charge(ask("q1", price("a", 1), everyone=allowance("user:bob")))
    with pytest.raises(ValueError, match="two prices"):
        books.ledger.charge(ask("q1", price("a", 1), price("a", 2)))


def test_history_tells_what_was_asked_and_paid(books: Books, clock: object) -> None:
    books.ledger.charge(ask("q1", price("a", 7, 2)))
    (past,) = books.questions.history("ann")
    assert (past.outcome, past.cost) == ("charged", Cost(amount=7, delta=2))
    outcome = {"analyst": "ann", "dataset": "hospital", "sql": "SELECT 1"}
    books.questions.record_answer(query_id="q1", answer_sha256="0" * 64, **outcome)
    books.questions.record_refusal(query_id="q2", code=Code.SQL_SYNTAX, **outcome)
    found = {past.query_id: past for past in books.questions.history("ann", "hospital")}
    assert found["q1"].outcome == "answered"
    assert found["q1"].cost == Cost(amount=7, delta=2)
    assert found["q1"].guarantee is Guarantee.APPROXIMATE
    assert (found["q2"].outcome, found["q2"].cost) == ("sql_syntax", NOTHING)
    assert len(books.questions.history(None, limit=1)) == 1
    assert books.questions.history("bob") == ()
    assert [record.kind for record in books.audit.records()][:3] == ["refusal", "answer", "charge"]
